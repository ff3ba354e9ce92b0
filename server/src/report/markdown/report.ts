/** The topology report as Markdown: the limitations on the first screen, then what differs, then everything else. */

import { SEVERITIES } from '../../base/severity.ts';
import { atOnce } from '../../base/steps.ts';
import { meshesOf } from '../../engine/findings/place-finding.ts';
import type { PlacedFinding, Snapshot } from '../../engine/snapshot.ts';
import { knownValue } from '../../facts/field.ts';
import type { Mesh } from '../../mesh/model.ts';
import { counted } from '../../rules/shared/wording.ts';
import { type ServiceStanding, writtenServiceSteps } from '../../topology/service-standing.ts';
import { countWords, totals } from '../severity.ts';
import type { World } from '../world.ts';
import { clusterNames } from './cluster-names.ts';
import { escapeMarkdown, placeLink } from './escape.ts';
import { limitationsTable } from './limitations.ts';
import { maturityLine } from './maturity.ts';
import { clustersSection, gatewaysSection, networksSection, otherClustersSection } from './places.ts';
import { servicesSection } from './services.ts';
import { placelessSection, unreadSection } from './unread.ts';

/** More than a reader goes through; `check` lists them all. */
const MOST_FINDINGS = 200;

export function markdownReport(world: World): string {
  return atOnce(markdownSteps(world));
}

/** The same in steps, between which nothing may change. */
export function* markdownSteps({ snapshot, findings }: World): Generator<void, string> {
  const { meshes } = snapshot;
  const inMesh = new Set(meshes.map(({ id }) => id));
  const elsewhere = findings.filter(({ mesh }) => !inMesh.has(mesh));
  // Clusters that are compared with nothing are few words beside a mesh of several, and all there is without one.
  const compared = meshes.filter(
    ({ id, multicluster }) => multicluster || findings.some((one) => meshesOf(one).has(id)),
  );
  const alone = compared.length === 0 ? [] : meshes.filter((mesh) => !compared.includes(mesh));
  const sections: string[] = meshes.length === 0 ? [NO_CLUSTER] : [];
  for (const mesh of compared.length === 0 ? meshes : compared) {
    const own = findings.filter((finding) => meshesOf(finding).has(mesh.id));
    sections.push(yield* meshSection(snapshot, mesh, own));
  }
  if (alone.length > 0) sections.push(otherClustersSection(snapshot, alone));
  if (elsewhere.length > 0) sections.push(findingsSection('## Other findings', elsewhere, snapshot));
  if (snapshot.skipped.length > 0) sections.push(unreadSection(snapshot.skipped, snapshot.documents));
  const placeless = snapshot.placeless();
  if (placeless.length > 0) sections.push(placelessSection(placeless));
  return `${sections.join('\n\n')}\n`;
}

const NO_CLUSTER = [
  '# No cluster',
  'No cluster was recognised in this workspace. A cluster is a folder (or a file-name pattern) that holds its Istio installation or its ambient manifests; ' +
    'where the layout does not tell, `.ambient-multicluster.yaml` says which paths are which cluster (`ambient-multicluster init`).',
].join('\n\n');

function* meshSection(snapshot: Snapshot, mesh: Mesh, findings: readonly PlacedFinding[]): Generator<void, string> {
  const services = yield* writtenServiceSteps(mesh);
  const sections = [
    headline(mesh, services),
    [stateLine(mesh, findings), maturityLine(mesh)].join('  \n'),
    limitationsTable(mesh, services, findings),
  ];
  yield;
  if (services.length > 0) sections.push(yield* servicesSection(mesh, services));
  if (findings.length > 0) sections.push(findingsSection('## Findings', findings, snapshot));
  yield;
  sections.push(clustersSection(snapshot, mesh), networksSection(mesh));
  yield;
  sections.push(gatewaysSection(snapshot, mesh));
  return sections.join('\n\n');
}

/** Such as `# mesh1: 3 clusters, 2 networks, 41 services (12 global)`. */
function headline(mesh: Mesh, services: readonly ServiceStanding[]): string {
  const known = mesh.clusters.map(({ id }) => knownValue(mesh.network(id).effective));
  const networks = new Set(known.filter((network) => network !== undefined));
  const global = services.filter((service) => service.in.some(({ scope }) => scope.scope === 'GLOBAL')).length;
  const parts = [
    counted(mesh.clusters.length, 'cluster'),
    // Only the label tells the network, and where a script writes it there is one all the same.
    networks.size === 0
      ? 'networks not known'
      : counted(networks.size, known.includes(undefined) ? 'known network' : 'network'),
    `${counted(services.length, 'service')} (${global} global)`,
  ];
  return `# ${escapeMarkdown(mesh.id)}: ${parts.join(', ')}`;
}

function stateLine(mesh: Mesh, findings: readonly PlacedFinding[]): string {
  const counts = countWords(totals(findings));
  const skipped = mesh.placedClusters.reduce((sum, cluster) => sum + cluster.skipped.length, 0);
  const parts = counts.length === 0 ? ['no findings'] : [...counts];
  if (skipped > 0) parts.push(`${counted(skipped, 'file')} not read`);
  return parts.join(' · ');
}

function findingsSection(title: string, findings: readonly PlacedFinding[], { clusterName }: Snapshot): string {
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  const rest = sorted.length - MOST_FINDINGS;
  const items = sorted.slice(0, MOST_FINDINGS).map(({ severity, rule, message, location, related, clusters }) => {
    const where = clusters.length === 0 ? '' : ` (${clusterNames(clusters.map(clusterName))})`;
    const name = rule.docs === '' ? `\`${rule.id}\`` : `[\`${rule.id}\`](${rule.docs})`;
    return [
      `- **${severity}** ${placeLink(location)}${where}: ${escapeMarkdown(message)} ${name}`,
      ...related.map((other) => `  - ${placeLink(other.location)}: ${escapeMarkdown(other.message)}`),
    ].join('\n');
  });
  return [title, items.join('\n'), ...(rest > 0 ? [`… and ${rest} more (\`check\` lists them all).`] : [])].join(
    '\n\n',
  );
}
