/** Manifests of small meshes, for tests of what is shown. */

/** The manifests of a cluster of a mesh: its installation, its gateway, and one global Service behind a waypoint. */
export function clusterFiles(name: string, network: string, waypoint = 'waypoint'): Readonly<Record<string, string>> {
  return {
    [`clusters/${name}/istio.yaml`]: `apiVersion: install.istio.io/v1alpha1
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
        clusterName: ${name}
      network: ${network}
`,
    [`clusters/${name}/istio-system.yaml`]: `apiVersion: v1
kind: Namespace
metadata:
  name: istio-system
  labels:
    topology.istio.io/network: ${network}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: istio-eastwestgateway
  namespace: istio-system
  labels:
    topology.istio.io/network: ${network}
spec:
  gatewayClassName: istio-east-west
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      tls:
        mode: Terminate
        options:
          gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL
`,
    [`clusters/${name}/sample.yaml`]: `apiVersion: v1
kind: Namespace
metadata:
  name: sample
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: ${waypoint}
  namespace: sample
  labels:
    istio.io/waypoint-for: service
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
    app: helloworld
    istio.io/global: "true"
    istio.io/use-waypoint: ${waypoint}
spec:
  selector:
    app: helloworld
  ports:
    - name: http
      port: 5000
`,
  };
}

/** Two clusters that agree in everything. */
export const CORRECT = { ...clusterFiles('east', 'network1'), ...clusterFiles('west', 'network2') };
/** Two clusters whose waypoints have different names. */
export const DRIFTED = { ...clusterFiles('east', 'network1'), ...clusterFiles('west', 'network2', 'wp') };
