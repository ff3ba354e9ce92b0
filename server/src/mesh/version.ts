/** Which Istio version a cluster runs, and what says so. */
import { NEWEST_MINOR, parseIstioVersion, versionText } from '../base/istio-version.ts';
import { isKnown } from '../facts/field.ts';
import type { Cluster } from '../layout/layout.ts';
import type { ClusterVersion } from './model.ts';

/**
 * What is assumed for all clusters comes first, then what is declared for this one, what its manifests say, and what is given for clusters
 * that do not say. A number that cannot be a version of Istio with ambient mode, such as a company's own, is shown and decides nothing.
 */
export function clusterVersion(cluster: Cluster | undefined, assumed: string | undefined): ClusterVersion {
  const { declaredIstioVersion: declared, defaultIstioVersion: fallback } = cluster ?? {};
  const installed = cluster?.install.istioVersion;
  const said = [
    { text: assumed, at: undefined, assumed: true },
    { text: declared?.value, at: declared?.at },
    { text: isKnown(installed) ? installed.value : undefined, at: installed?.at },
    { text: fallback?.value, at: fallback?.at },
  ].flatMap(({ text, ...rest }) => (text === undefined ? [] : [{ ...rest, text: versionText(text) ?? text }]));
  const place = installed?.at ?? cluster?.install.clusterName?.at ?? cluster?.install.statements[0]?.at;
  for (const { at = place, ...one } of said) {
    const version = parseIstioVersion(one.text);
    if (version !== undefined) return { ...version, ...one, known: true, at };
  }
  return { minor: NEWEST_MINOR, patch: undefined, known: false, text: said[0]?.text, at: place };
}
