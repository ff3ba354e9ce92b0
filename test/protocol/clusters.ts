/** Small worlds for the protocol tests: clusters that differ in the name of their waypoint. */
import type { FolderFiles } from './editor.ts';

/** An Istio installation of a cluster on a network of its own. */
function istio(cluster: string): string {
  return `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: istio
  namespace: istio-system
spec:
  profile: ambient
  tag: 1.30.2
  components:
    pilot:
      k8s:
        env:
          - name: AMBIENT_ENABLE_MULTI_NETWORK
            value: "true"
  values:
    global:
      meshID: mesh1
      multiCluster:
        clusterName: ${cluster}
      network: network-${cluster}
---
apiVersion: v1
kind: Namespace
metadata:
  name: istio-system
  labels:
    topology.istio.io/network: network-${cluster}
`;
}

/** Namespace sample with a global Service behind a global waypoint. */
export function sample(waypoint: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: sample
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: ${waypoint} # decides
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: ${waypoint}
  namespace: sample
  labels:
    istio.io/global: "true"
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
---
apiVersion: v1
kind: Service
metadata:
  name: helloworld
  namespace: sample
  labels:
    istio.io/global: "true"
spec:
  ports:
    - name: http
      port: 5000
`;
}

export function sampleFile(cluster: string): string {
  return `clusters/${cluster}/sample.yaml`;
}

/** One folder per cluster, such as `clusters({ east: 'waypoint', west: 'wp' })`. */
export function clusters(waypoints: Readonly<Record<string, string>>): FolderFiles {
  return Object.fromEntries(
    Object.entries(waypoints).flatMap(([cluster, waypoint]) => [
      [`clusters/${cluster}/istio.yaml`, istio(cluster)],
      [sampleFile(cluster), sample(waypoint)],
    ]),
  );
}

export const RULE = 'waypoint-not-uniform';
