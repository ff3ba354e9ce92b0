/** What the words of paths say, as far as repositories agree on them (layouts.md). */
import { lastSegment } from '../base/relative-path.ts';

/** Folders, and file names, of what several clusters share. */
const SHARED = new Set('base bases _base common shared default defaults global all lib module modules'.split(' '));

/** Folders whose content is no live configuration. */
const APART = new Set(
  (
    'archive archives archived attic backup backups bak deprecated disabled doc docs documentation dist e2e example examples ' +
    'fixture fixtures generated legacy obsolete old out output rendered samples snapshots test testdata testing tests ' +
    'tutorial tutorials unused'
  ).split(' '),
);

/** Folders whose children are clusters or environments: a child named `test` is no test data there. */
const PARENTS = new Set('cluster clusters env envs environment environments overlays regions sites stages'.split(' '));

/** Environments, roles and variants: siblings with such names are alternatives, not members of one mesh. */
const ALTERNATIVES = new Set(
  (
    'acc acceptance alpha-env beta-env blue canary classic ci dev development devel green hub int integration lab live local ' +
    'mgmt management minimal nonprod old new perf playground pre preprod preview prod production qa sandbox sidecar ambient ' +
    'stable stage staging stg test testing uat'
  ).split(' '),
);

/** Names of components: such a folder beside cluster folders is no cluster. */
const COMPONENTS = new Set(
  (
    'addons app applications apps argocd bootstrap chart charts cni components config core crds deploy deployment ' +
    'deployments east-west eastwest flux flux-system gateway gateways gitops helm helm-values infra infrastructure ingress istio ' +
    'istio-cni istio-system istiod k8s kubernetes manifests mesh monitoring namespaces observability operators platform ' +
    'policies resources secrets security service-mesh services system tenants values workloads ztunnel'
  ).split(' '),
);

/** Words of file names that tell what a file holds, not whose it is. */
const CONTENT = new Set(
  (
    'all base chart cm common config configmap control controlplane cni cp default defaults kustomization eastwest eastwestgateway ew ewgw ' +
    'gateway gateways global gw helm install io iop istio istiocni istiod istiooperator mesh meshconfig operator plane ' +
    'shared sail system value values yaml ztunnel manifest manifests namespace namespaces ns service services'
  ).split(' '),
);

/** Words for what is shared, before that of a component: `shared-components`, `common-config`. */
const SHARED_PARTS = /^_?(?:shared|common|bases?)[-_](.+)$/;

export function isSharedFolder(segment: string): boolean {
  const name = segment.toLowerCase();
  return SHARED.has(name) || isComponentFolder(SHARED_PARTS.exec(name)?.[1] ?? '');
}

export function isParentFolder(segment: string): boolean {
  return PARENTS.has(segment.toLowerCase());
}

export function isApartFolder(segment: string): boolean {
  return APART.has(segment.toLowerCase().replace(/^[._]/, ''));
}

export function isComponentFolder(segment: string): boolean {
  return COMPONENTS.has(segment.toLowerCase());
}

/** True for `dev`, `v2`, `blue`: not a name that tells a cluster of a mesh from its peers. */
export function isAlternative(token: string): boolean {
  return ALTERNATIVES.has(token.toLowerCase()) || /^v\d+(?:[._-]\d+)*$/i.test(token);
}

/** Words of what is copied to make a new one. */
const PATTERNS = new Set(
  (
    'any blank clustername copy default empty example examples foo my name new newcluster placeholder sample samples scaffold ' +
    'skeleton starter template templates tmpl tpl xxx your'
  ).split(' '),
);

/** Words of what is copied and of nothing else, and words that stand beside them. */
const COPIED = new Set(
  'blank boilerplate example placeholder sample scaffold skeleton template templates tmpl tpl'.split(' '),
);
const BESIDE_COPIED = new Set('cluster clusters env environment my name new'.split(' '));

/** True for the name of a folder that is copied to make a new one beside it: `_template`, `new-cluster-skeleton`. */
export function isCopied(segment: string): boolean {
  const words = nameWords(segment).map((word) => word.toLowerCase());
  return words.some((word) => COPIED.has(word)) && words.every((word) => COPIED.has(word) || BESIDE_COPIED.has(word));
}

/** False for the name of a folder that is no cluster's: of what is shared, an environment, a component or a pattern to copy. */
export function isClusterLike(segment: string): boolean {
  const isOther = [isSharedFolder, isApartFolder, isAlternative, isComponentFolder].some((is) => is(segment));
  return !isOther && !nameWords(segment).some((word) => PATTERNS.has(word.toLowerCase()));
}

/** The words of a file's name without its extensions: `values-eu_1.enc.yaml` gives values, eu, 1. */
export function nameWords(file: string): readonly string[] {
  const [stem = ''] = lastSegment(file).split(/\.(?:enc\.|sops\.)?(?:ya?ml|json)$/i);
  return stem.split(/[-_.]+/).filter((word) => word !== '');
}

/** The words of a file's name that may tell whose it is: `istio-configmap-cluster1.yaml` gives cluster1. */
export function ownerWords(file: string): readonly string[] {
  const words = nameWords(file);
  const joined = words
    .join('-')
    .toLowerCase()
    .replaceAll('east-west', 'eastwest')
    .replaceAll('control-plane', 'controlplane');
  const kept = joined === words.join('-').toLowerCase() ? words : joined.split('-');
  return kept.filter((word) => !CONTENT.has(word.toLowerCase()));
}
