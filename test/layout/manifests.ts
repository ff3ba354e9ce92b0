/** Small manifests for layout tests. */

interface IopOptions {
  readonly name?: string;
  readonly mesh?: string;
  readonly network?: string;
}

/** An IstioOperator of an ambient primary. */
export function iop({ name, mesh, network }: IopOptions = {}): string {
  return [
    'apiVersion: install.istio.io/v1alpha1',
    'kind: IstioOperator',
    'metadata: { name: istio }',
    'spec:',
    '  profile: ambient',
    `  values: { global: { ${[
      ...(mesh === undefined ? [] : [`meshID: ${mesh}`]),
      ...(network === undefined ? [] : [`network: ${network}`]),
      ...(name === undefined ? [] : [`multiCluster: { clusterName: ${name} }`]),
    ].join(', ')} } }`,
    '',
  ].join('\n');
}

/** Values of the istiod chart. */
export function istiodValues({ name, mesh, network }: IopOptions = {}): string {
  return [
    'profile: ambient',
    'pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }',
    `global: { ${[
      ...(mesh === undefined ? [] : [`meshID: ${mesh}`]),
      ...(network === undefined ? [] : [`network: ${network}`]),
      ...(name === undefined ? [] : [`multiCluster: { clusterName: ${name} }`]),
    ].join(', ')} }`,
    '',
  ].join('\n');
}

/** The Deployment that the istiod chart renders. */
export function istiodDeployment(name: string): string {
  const container = `{ name: discovery, env: [{ name: CLUSTER_ID, value: ${name} }, { name: PILOT_ENABLE_AMBIENT, value: "true" }] }`;
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata: { name: istiod, namespace: istio-system }',
    `spec: { template: { spec: { containers: [${container}] } } }`,
    '',
  ].join('\n');
}

export function ztunnelValues(name: string): string {
  return `multiCluster: { clusterName: ${name} }\n`;
}

/** A Namespace in ambient mode. */
export function ambientNamespace(name = 'shop'): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { istio.io/dataplane-mode: ambient } }\n`;
}

export function plainNamespace(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;
}

export function networkNamespace(network: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system, labels: { topology.istio.io/network: ${network} } }\n`;
}

export function service(name: string, namespace = 'shop'): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { ports: [ { port: 80 } ] }\n`;
}

export function waypoint(name = 'waypoint', namespace = 'shop'): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${namespace} }
spec: { gatewayClassName: istio-waypoint, listeners: [ { name: mesh, port: 15008, protocol: HBONE } ] }
`;
}

/** A secret as `istioctl create-remote-secret` writes it. */
export function remoteSecret(...clusters: readonly string[]): string {
  const data = clusters.map((cluster) => `${cluster}: "e30="`).join(', ');
  return `apiVersion: v1\nkind: Secret\nmetadata: { name: remote, namespace: istio-system, labels: { istio/multiCluster: "true" } }\ndata: { ${data} }\n`;
}

export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}
