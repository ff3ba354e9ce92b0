/** Labels whose key is nearly one that Istio reads: nothing reads them. */
import { editDistance } from '../config/did-you-mean.ts';
import { keyOfLabel } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { type Finding, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { type MisspeltLabel, misspeltLabels } from './shared/misspelt-labels.ts';
import { type Side, toldOnce } from './shared/told-once.ts';
import { listed, MULTICLUSTER_DOCS, titleOf } from './shared/wording.ts';

export const labelKeyMisspelt = rule({
  id: 'label-key-misspelt',
  summary: 'The keys of the labels that ambient multicluster is made of must be spelt as Istio reads them.',
  why: 'Istio looks its labels up by their exact keys, and Kubernetes takes any key. A label whose key is off by a letter says nothing to istiod or the CNI agent: the Service stays local, the Namespace stays outside of the mesh, the gateway is not found.',
  severity: 'error',
  otherwise: { warning: 'for a value that asks for nothing but what is so anyway' },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Namespace', 'Service', 'Gateway', 'GatewayClass', 'Workload', 'ServiceEntry', 'Install'],
  fix: 'both',
  howToFix:
    'Rename the key; the value stays. Reported are keys that differ by a letter or two from a label that Istio reads on such an object, and the right names below another domain of Istio, such as `networking.istio.io/use-waypoint`.',
  whenToSilence:
    'If a program of your own reads a label of that key. Keys by which the mesh configuration selects (`serviceScopeConfigs`, `discoverySelectors`) are none of these.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'istio/api label/labels.yaml',
    'pilot/pkg/serviceregistry/ambient/waypoints.go:99-149',
    'pilot/pkg/serviceregistry/ambient/networks.go:69-112, 248-334',
    'pilot/pkg/serviceregistry/ambient/services.go:338-383, 772-789',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    const foundIn = (id: ClusterId): readonly MisspeltLabel[] => misspeltLabels(mesh, id, namespace);
    for (const sides of toldOnce(mesh, cluster, foundIn, isSame)) yield findingOf(sides, namespace);
  },
});

/** More letters are no typo: another domain of Istio's may be meant for somebody. */
const MOST_LETTERS = 2;

function isSame(other: MisspeltLabel, one: MisspeltLabel): boolean {
  return other.kind === one.kind && other.name === one.name && other.key === one.key;
}

function findingOf(sides: readonly [Side<MisspeltLabel>, ...Side<MisspeltLabel>[]], namespace: string): Finding {
  const [first, ...others] = sides;
  const { kind, name, key, meant } = first.found;
  const isAlike = others.every(({ found }) => found.consequence === first.found.consequence);
  const consequence = (isAlike && first.found.consequence) || 'it has no effect';
  const isIdle = sides.every(({ found }) => found.consequence === undefined);
  const object = { kind, namespace: kind === 'Namespace' ? null : namespace, name };
  const title = titleOf(object);
  const where = listed(sides.map((side) => side.name));
  const message = `${title} in ${where} has a label ${key}, which Istio does not read, so ${consequence}. It reads ${meant}.`;
  return {
    check: `${meant} ${key}`,
    ...(isIdle ? { severity: 'warning' as const } : {}),
    message,
    at: keyOfLabel(first.found.label),
    clusters: sides.map(({ id }) => id),
    object,
    related: others.map((side) => ({
      at: keyOfLabel(side.found.label),
      cluster: side.id,
      message: `${key} in ${side.name} too`,
      mirror: message,
    })),
    tie: true,
    fixes: () => {
      // Two keys that are renamed to one would be the same key twice.
      if (!sides.every(({ found }) => found.isOnly)) return [];
      const isTypo = editDistance(key, meant) <= MOST_LETTERS;
      return [
        {
          title: `Rename ${key} to ${meant}`,
          safe: isTypo,
          preferred: true,
          ...(isTypo ? { onlyMeaning: true } : {}),
          edits: () =>
            sides.flatMap(({ id, found }) =>
              editsFor(id, [{ op: 'rename-key', at: keyOfLabel(found.label), from: key, key: meant }]),
            ),
        },
      ];
    },
  };
}
