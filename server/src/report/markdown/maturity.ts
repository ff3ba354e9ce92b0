/** What Istio says of ambient multicluster in the versions at hand (its documentation and release notes of each minor). */
import { compareMinors, maturityOf } from '../../base/istio-version.ts';
import type { Mesh } from '../../mesh/model.ts';

/** Such as `Istio 1.30 / 1.28: multi-network is beta / alpha; ...`. */
export function maturityLine(mesh: Mesh): string {
  const versions = mesh.clusters.map(({ id }) => mesh.version(id));
  const minors = [...new Set(versions.map(({ minor }) => minor))].sort((a, b) => compareMinors(b, a));
  const stages = [...new Set(minors.map(maturityOf))];
  const assumed = versions.some(({ known }) => !known) ? ' (assumed where nothing says the version)' : '';
  return `Istio ${minors.join(' / ')}${assumed}: multi-network is ${stages.join(' / ')}; single-network and primary-remote are not supported`;
}
