/** What told something of a cluster, and what would tell it if it could be read, in words. */
import type { UnknownReason } from '../facts/field.ts';
import type { Evidence } from '../layout/layout.ts';

/** Each follows what stands there. */
const UNKNOWN: Readonly<Record<UnknownReason, string>> = {
  placeholder: 'is a placeholder',
  template: 'is a template',
  encrypted: 'is encrypted',
  'value-from': 'is taken from elsewhere in the cluster',
  layered: 'may be set in another layer',
  contradicted: 'is stated twice, and differs',
  'wrong-type': 'is not of the type that it should have',
};

/** Such as `global.multiCluster.clusterName`, or `global.network is a placeholder`. */
export function evidenceSource({ why, unknown }: Pick<Evidence, 'why' | 'unknown'>): string {
  return unknown === undefined ? why : `${why} ${UNKNOWN[unknown]}`;
}

/** Such as `name by global.multiCluster.clusterName`, or `network not known: global.network is a placeholder`. */
export function evidenceWords(evidence: Evidence): string {
  const { field, contradicts, unknown } = evidence;
  const link = unknown !== undefined ? ' not known:' : contradicts === undefined ? ' by' : ' although';
  return `${field}${link} ${evidenceSource(evidence)}`;
}
