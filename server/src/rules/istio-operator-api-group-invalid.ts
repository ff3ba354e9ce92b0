/** An IstioOperator of another API group than Istio's. */
import { groupOf } from '../facts/read-object.ts';
import { rule } from './rule.ts';
import { clusterOf, MULTI_NETWORK_DOCS } from './shared/wording.ts';

const GROUP = 'install.istio.io';

/** The misspelling of Istio's own pages about ambient multicluster, in every language that they are in. */
const MISPRINT = 'insall.istio.io';

export const istioOperatorApiGroupInvalid = rule({
  id: 'istio-operator-api-group-invalid',
  summary: 'An IstioOperator must be of the API group install.istio.io.',
  why: 'The commands `istioctl install` and `istioctl manifest` read the file as an IstioOperator without looking at its group, so the installation works. `istioctl validate` goes by the group: it accepts an object of another one without checking it.',
  severity: 'warning',
  otherwise: { info: "for `insall.istio.io`, the misprint of Istio's own page" },
  group: 'foundations',
  limitation: null,
  reads: ['Install'],
  fix: 'safe',
  howToFix:
    'Write `apiVersion: install.istio.io/v1alpha1`. The misprint `insall.istio.io` comes from the examples in the documentation of ambient multicluster, and is reported as info.',
  whenToSilence: 'If an IstioOperator of that group is not one of Istio.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'operator/pkg/render/manifest.go:282-330',
    'operator/pkg/apis/register.go:29',
    'istioctl/pkg/validate/validate.go:146-151',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    for (const { form, apiVersion, at, name, namespace } of clusterOf(mesh, id)?.install.statements ?? []) {
      if (form !== 'istio-operator' || apiVersion === undefined || groupOf(apiVersion.value) === GROUP) continue;
      const group = groupOf(apiVersion.value);
      const title = name === undefined ? 'This IstioOperator' : `IstioOperator ${name}`;
      const has = group === '' ? 'no API group' : `the API group ${group}`;
      yield {
        ...(group === MISPRINT ? { severity: 'info' as const } : {}),
        check: group,
        ofCluster: id,
        message: `${title} has ${has}; it must be ${GROUP}. istioctl install accepts it, but istioctl validate does not check it.`,
        at: apiVersion.at ?? at,
        clusters: [id],
        object: { kind: 'IstioOperator', namespace: namespace ?? null, name: name ?? '' },
        related: [],
        fixes: () => [
          {
            title: `Change the API group to ${GROUP}`,
            safe: true,
            preferred: true,
            onlyMeaning: group === MISPRINT,
            edits: () => [{ op: 'set', at: apiVersion.at, value: `${GROUP}/v1alpha1` }],
          },
        ],
      };
    }
  },
});
