/** Recognises the documents that state how Istio is installed. */
import { type Cursor, get, items } from '../yaml/read.ts';
import { isKnown, knownValue } from './field.ts';
import { chartOfValues, isIstioUmbrella } from './helm-values.ts';
import type { Chart, InstallForm, InstallStatement } from './install.ts';
import { groupOf } from './read-object.ts';
import { reach, readNonEmpty } from './read-scalar.ts';

function statement(form: InstallForm, root: Cursor, file: string, chart?: Chart): InstallStatement {
  const apiVersion = readNonEmpty(get(root, 'apiVersion'));
  return {
    form,
    chart,
    file,
    at: root.at,
    root: root.node,
    apiVersion: isKnown(apiVersion) ? apiVersion : undefined,
    name: knownValue(readNonEmpty(get(root, 'metadata', 'name'))),
    namespace: knownValue(readNonEmpty(get(root, 'metadata', 'namespace'))),
  };
}

/** The container with this name of a workload's pod. */
export function containerNamed(workload: Cursor, name: string): Cursor | undefined {
  return items(reach(workload, 'spec', 'template', 'spec', 'containers')).find((container) => {
    const node = get(container, 'name')?.node;
    return node?.type === 'scalar' && node.text === name;
  });
}

/** Groups of the Sail operator; the second one is that of its first versions. */
const SAIL_GROUPS: ReadonlySet<string> = new Set(['sailoperator.io', 'operator.istio.io']);
const SAIL_FORMS: ReadonlyMap<string, InstallForm> = new Map<string, InstallForm>([
  ['Istio', 'sail-istio'],
  ['IstioCNI', 'sail-cni'],
  ['ZTunnel', 'sail-ztunnel'],
]);

function formOf(object: Cursor, apiVersion: string, kind: string): InstallForm | undefined {
  // istioctl does not look at the group: the typo `insall.istio.io` of Istio's documentation works.
  if (kind === 'IstioOperator') return 'istio-operator';
  const group = groupOf(apiVersion);
  if (SAIL_GROUPS.has(group)) return SAIL_FORMS.get(kind);
  const node = get(object, 'metadata', 'name')?.node;
  const name = node?.type === 'scalar' ? node.text : '';
  if (kind === 'ConfigMap' && group === '') {
    return (name === 'istio' || name.startsWith('istio-')) && get(object, 'data', 'mesh') !== undefined
      ? 'mesh-configmap'
      : undefined;
  }
  if (group !== 'apps') return undefined;
  if (kind === 'Deployment' && name.startsWith('istiod')) {
    return containerNamed(object, 'discovery') === undefined ? undefined : 'istiod-deployment';
  }
  if (kind === 'DaemonSet' && name.includes('ztunnel')) {
    return containerNamed(object, 'istio-proxy') === undefined ? undefined : 'ztunnel-daemonset';
  }
  return undefined;
}

/** What a Kubernetes object states about the installation. */
export function objectStatement(
  object: Cursor,
  apiVersion: string,
  kind: string,
  file: string,
): InstallStatement | undefined {
  const form = formOf(object, apiVersion, kind);
  return form === undefined ? undefined : statement(form, object, file);
}

/** What a document without `kind` states: the values of a chart, or the `Chart.yaml` of an umbrella chart. */
export function valuesStatement(root: Cursor, file: string): InstallStatement | undefined {
  if (isIstioUmbrella(root)) return { ...statement('helm-chart', root, file, 'umbrella'), name: undefined };
  const chart = chartOfValues(root, file);
  return chart === undefined
    ? undefined
    : { ...statement('helm-values', root, file, chart), name: undefined, namespace: undefined };
}
