/** The installation of Istio in a cluster as saved reports hold it (`facts/saved-report/saved-installation.ts` reads it). */
import { isUnknown, knownValue } from '../facts/field.ts';
import type { ScopeEntry, ServiceSetting } from '../facts/install.ts';
import type { Cluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import type { YamlValue } from '../yaml/edit.ts';
import { map, selectorJson, stated, texts } from './object-manifest.ts';

export function installationJson(mesh: Mesh, { id, install }: Cluster): YamlValue {
  const { ztunnel, scopeConfigs } = install;
  const version = mesh.version(id);
  return map({
    controlPlane: install.controlPlane,
    hasIstiod: install.hasIstiod,
    forms: [...install.forms].sort(),
    clusterName: stated(install.clusterName),
    network: stated(install.network),
    meshID: stated(install.meshID),
    trustDomain: stated(install.trustDomain),
    profile: stated(install.profile),
    revision: stated(install.revision),
    revisionTags: stated(install.revisionTags, texts),
    defaultRevision: stated(install.defaultRevision),
    istioNamespace: stated(install.istioNamespace),
    istioVersion: isUnknown(install.istioVersion)
      ? stated(install.istioVersion)
      : version.known
        ? version.text
        : undefined,
    ambient: stated(install.ambient),
    multiNetworkFlag: stated(install.multiNetworkFlag),
    cniAmbient: stated(install.cniAmbient),
    enablementSelectors: install.enablementSelectors && true,
    otherCa: install.otherCa && true,
    clusterAliases: install.clusterAliases && true,
    ofSolo: install.ofSolo || undefined,
    trustedZtunnelNamespace: stated(install.trustedZtunnelNamespace),
    scopesFromProfile: knownValue(scopeConfigs)?.fromProfile,
    meshConfig: map({
      serviceScopeConfigs: stated(scopeConfigs, ({ entries }) => entries.map(scopeEntry)),
      discoverySelectors: stated(install.discoverySelectors, (selectors) => selectors.map(selectorJson)),
      serviceSettings: stated(install.serviceSettings, (settings) => settings.map(serviceSetting)),
    }),
    ztunnel:
      ztunnel &&
      map({
        clusterName: stated(ztunnel.clusterName),
        network: stated(ztunnel.network),
        namespace: stated(ztunnel.namespace),
        istioVersion: stated(ztunnel.istioVersion),
        inheritsGlobal: ztunnel.inheritsGlobal,
      }),
    defaulted: [...install.defaulted].sort(),
  });
}

function scopeEntry({ scope, namespaceSelector, servicesSelector, unknownFields }: ScopeEntry): YamlValue {
  return map({
    scope: stated(scope),
    namespaceSelector: namespaceSelector && selectorJson(namespaceSelector),
    servicesSelector: servicesSelector && selectorJson(servicesSelector),
    ...Object.fromEntries(unknownFields.map(({ value }) => [value, {}])),
  });
}

function serviceSetting({ clusterLocal, hosts }: ServiceSetting): YamlValue {
  return map({ settings: map({ clusterLocal: stated(clusterLocal) }), hosts: texts(hosts) });
}
