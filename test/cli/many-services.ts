/** A mesh with as many findings of one rule as a test asks for. */
import { clusterFiles } from '../report/two-clusters.ts';

/** `count` Services that are global in cluster east and local in cluster west. */
export function manyFindings(count: number): Readonly<Record<string, string>> {
  const services = (scope: string): string =>
    Array.from({ length: count }, (_, i) => service(`svc-${String(i + 1).padStart(3, '0')}`, scope)).join('---\n');
  return {
    ...clusterFiles('east', 'network1'),
    ...clusterFiles('west', 'network2'),
    'clusters/east/many.yaml': services('true'),
    'clusters/west/many.yaml': services('false'),
  };
}

function service(name: string, global: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: sample
  labels:
    istio.io/global: "${global}"
spec:
  ports: [{ port: 80 }]
`;
}
