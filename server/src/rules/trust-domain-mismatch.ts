/** Clusters of one mesh with different trust domains. */
import type { Anchor } from '../base/anchor.ts';
import { isSlip } from '../deploy/name-slip.ts';
import { isKnown } from '../facts/field.ts';
import { type Blame, type BlameOrder, blame, blameAgainst, blameApart, type Side } from '../mesh/blame.ts';
import { rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { isMisspelt } from './shared/misspelt-values.ts';
import { takesPart } from './shared/taking-part.ts';
import { listed, MULTI_NETWORK_DOCS } from './shared/wording.ts';

/** Istio's: pkg/config/constants/constants.go, DefaultClusterLocalDomain. */
const DEFAULT = 'cluster.local';

interface TrustSide extends Side {
  readonly at: Anchor;
  /** False: nothing sets it, Istio's default counts. */
  readonly written: boolean;
}

export const trustDomainMismatch = rule({
  id: 'trust-domain-mismatch',
  summary: 'All clusters of an ambient mesh must have the same trust domain.',
  why: 'istiod writes the identities of workloads in other clusters with the trust domain of its own cluster, and ztunnel accepts no other identity. `trustDomainAliases` are not read by ztunnel, so they do not help.',
  severity: 'error',
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'Set the same `meshConfig.trustDomain` in every cluster; the default is `cluster.local`. A trust domain other than the default needs Istio 1.28.1 or later.',
  whenToSilence: 'If the trust domain is set outside of the workspace.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:463-472, 737',
    'ztunnel src/tls/workload.rs:65-95',
    'https://github.com/istio/istio/issues/61608',
    'https://github.com/istio/istio/issues/58427',
  ],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    const sides = mesh.clusters.flatMap(({ id, name, install }): readonly TrustSide[] => {
      const { trustDomain, defaulted, hasIstiod } = install;
      if (!hasIstiod || !isKnown(trustDomain) || !takesPart(mesh, id)) return [];
      return [
        { cluster: id, name, value: trustDomain.value, at: trustDomain.at, written: !defaulted.has('trustDomain') },
      ];
    });
    const blamed = blameApart(sides, ({ cluster }) => isMisspelt(mesh, cluster, 'trustDomain'), mesh, blamedOf);
    const first = blamed?.odd[0];
    if (blamed === undefined || first === undefined) return;
    const { odd, agreeing, value, tie } = blamed;
    const shown = (side: TrustSide) => `${side.value}${side.written ? '' : ' (the default)'}`;
    const peers = listed(agreeing.map(({ name }) => name));
    const message = `${first.name} has trust domain ${shown(first)}, but ${peers} ${agreeing.length > 1 ? 'have' : 'has'} ${shown(agreeing[0] ?? first)}. mTLS between them fails: ztunnel accepts only identities of its own trust domain, and trustDomainAliases do not help.`;
    yield {
      message,
      at: first.at,
      clusters: [...odd, ...agreeing].map(({ cluster }) => cluster),
      object: undefined,
      related: [...odd.slice(1), ...agreeing].map((side) => ({
        at: side.at,
        cluster: side.cluster,
        message: `${side.name}: trust domain ${shown(side)}`,
        mirror: message,
      })),
      tie,
      fixes: () =>
        odd.every(({ written }) => written) && !isSlip(value, DEFAULT)
          ? [
              {
                title: `Set trustDomain to ${value} in ${listed(odd.map(({ name }) => name))} (as ${peers})`,
                safe: !tie,
                preferred: true,
                edits: () => odd.flatMap(({ cluster, at }) => editsFor(cluster, [{ op: 'set', at, value }])),
              },
            ]
          : [],
    };
  },
});

/** In a tie it is who sets a trust domain, not who leaves the default; always who misspells the default. */
function blamedOf(sides: readonly TrustSide[], mesh: BlameOrder): Blame<TrustSide> | undefined {
  const blamed = blame(sides, mesh);
  const first = blamed?.odd[0];
  if (blamed === undefined || first === undefined) return blamed;
  const right = isSlip(blamed.value, DEFAULT)
    ? blamed.odd.find(({ value }) => value === DEFAULT)
    : blamed.tie && !first.written
      ? first
      : undefined;
  return right === undefined ? blamed : blameAgainst(sides, blamed, right, mesh);
}
