/**
 * A cluster of which each setting is an input of its own: who reads its name is not bothered by its network. The view of a cluster
 * stays the same object whatever is set.
 */
import { type Cell, cell } from '../base/incremental.ts';
import { sameData } from '../base/same-data.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { Cluster, PlacedCluster } from '../layout/layout.ts';

type Keys<T> = { readonly [K in keyof T]-?: true };

const CLUSTER_KEYS: Keys<Omit<Cluster, 'install'>> = {
  id: true,
  name: true,
  mesh: true,
  declaredNetwork: true,
  declaredIstioVersion: true,
  defaultIstioVersion: true,
  configFiles: true,
  complete: true,
  imported: true,
};

const INSTALL_KEYS: Keys<InstallSettings> = {
  statements: true,
  hasIstiod: true,
  forms: true,
  clusterName: true,
  clusterAliases: true,
  misspeltValues: true,
  network: true,
  meshID: true,
  trustDomain: true,
  profile: true,
  revision: true,
  revisionTags: true,
  defaultRevision: true,
  istioNamespace: true,
  istioVersion: true,
  ambient: true,
  multiNetworkFlag: true,
  cniAmbient: true,
  enablementSelectors: true,
  scopeConfigs: true,
  discoverySelectors: true,
  serviceSettings: true,
  meshNetworks: true,
  eastWestService: true,
  otherCa: true,
  ofSolo: true,
  controlPlaneSigns: true,
  controlPlane: true,
  ztunnel: true,
  trustedZtunnelNamespace: true,
  pilotEnv: true,
  pilotEnvOpen: true,
  defaulted: true,
  places: true,
  namespaceLabels: true,
  refusals: true,
};

/** The fields of an object, each a cell that is made when it is first read. */
class Fields<T extends object> {
  private readonly cells = new Map<string, Cell<unknown>>();

  constructor(private values: T) {}

  read(key: string): unknown {
    let held = this.cells.get(key);
    if (held === undefined) {
      held = cell(this.values[key as keyof T], sameData);
      this.cells.set(key, held);
    }
    return held.get();
  }

  set(values: T): void {
    if (values === this.values) return;
    this.values = values;
    for (const [key, held] of this.cells) held.set(values[key as keyof T]);
  }
}

/** Getters stand on the prototype, so that all views are of one shape. */
function viewClass<T extends object>(keys: Keys<T>): new (fields: Fields<T>) => T {
  class View {
    constructor(readonly fields: Fields<T>) {}
  }
  for (const key of Object.keys(keys)) {
    Object.defineProperty(View.prototype, key, {
      get(this: View) {
        return this.fields.read(key);
      },
    });
  }
  return View as unknown as new (
    fields: Fields<T>,
  ) => T;
}

const SettingsView = viewClass<Omit<Cluster, 'install'>>(CLUSTER_KEYS);
const InstallView = viewClass<InstallSettings>(INSTALL_KEYS);

export class ClusterView {
  private readonly settings: Fields<Omit<Cluster, 'install'>>;
  private readonly installs: Fields<InstallSettings>;
  readonly cluster: Cluster;

  constructor(cluster: PlacedCluster) {
    this.settings = new Fields<Omit<Cluster, 'install'>>(cluster);
    this.installs = new Fields(cluster.install);
    const view = new SettingsView(this.settings);
    this.cluster = Object.assign(view, { install: new InstallView(this.installs) });
  }

  set(cluster: PlacedCluster): void {
    this.settings.set(cluster);
    this.installs.set(cluster.install);
  }
}
