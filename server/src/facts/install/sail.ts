/** Reads the Sail operator's `Istio`, `IstioCNI` and `ZTunnel` (semantics.md A.0.4; oracle `sail-*`). */
import { type Anchor, below } from '../../base/anchor.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import { type Field, isKnown, knownValue } from '../field.ts';
import { reach, readNonEmpty } from '../read-scalar.ts';
import { named, printed, switchField } from './chart-values.ts';
import { readCni } from './cni.ts';
import { type FormReading, type LayeredStatement, mergedTree, type TraitsOf } from './control-plane.ts';
import { versionField } from './istio-version.ts';
import { readIstiodChart } from './istiod-chart.ts';
import { mergeValues } from './merge-values.ts';
import { type ReadProfile, readProfile } from './profiles.ts';
import { readZtunnelChart } from './ztunnel-chart.ts';

/** What the charts get of `spec.values` wins. */
function profileOf(spec: Cursor | undefined, subject: string, { layersOpen = false }: LayeredStatement): ReadProfile {
  const chosen = readProfile(named(reach(spec, 'profile'), 'printed'), 'sail', subject, layersOpen);
  const inValues = readProfile(named(reach(spec, 'values', 'profile'), 'printed'), 'chart', subject, layersOpen);
  return { profile: inValues.profile ?? chosen.profile, refusals: [...chosen.refusals, ...inValues.refusals] };
}

function namespaceOf(spec: Cursor | undefined, otherwise: string, at: Anchor): Field<string> {
  return readNonEmpty(reach(spec, 'namespace')) ?? { value: otherwise, at };
}

/** The `Istio` named `default` has no revision, any other name is one (oracle README, 13); strategy RevisionBased makes one of its own. */
function revisionOf(spec: Cursor | undefined, name: string | undefined, at: Anchor): Field<string> {
  const strategy = readNonEmpty(reach(spec, 'updateStrategy', 'type'));
  if (strategy !== undefined && knownValue(strategy) !== 'InPlace') return { unknown: 'layered', at: strategy.at };
  return name === undefined || name === 'default' ? undefined : { value: name, at: below(at, 'metadata', 'name') };
}

export function readSailIstio(layered: LayeredStatement, traitsOf: TraitsOf): FormReading {
  const { at, name } = layered.statement;
  const spec = reach(mergedTree(layered), 'spec');
  const { profile, refusals } = profileOf(spec, 'istiod', layered);
  const reading = readIstiodChart(
    {
      values: reach(spec, 'values'),
      profile,
      reading: 'typed',
      at,
      valuesAt: below(at, 'spec', 'values'),
      profileAt: below(at, 'spec', 'profile'),
      meshConfigAt: below(at, 'spec', 'values', 'meshConfig'),
      namespace: namespaceOf(spec, 'istio-system', at),
      version: versionField(printed(reach(spec, 'version'))),
      revision: revisionOf(spec, name, at),
      layersOpen: layered.layersOpen ?? false,
    },
    traitsOf,
  );
  return { ...reading, refusals: [...refusals, ...reading.refusals] };
}

export function readSailCni(layered: LayeredStatement): FormReading {
  const { at } = layered.statement;
  const spec = reach(mergedTree(layered), 'spec');
  const { profile, refusals } = profileOf(spec, 'istio-cni', layered);
  const reading = readCni({
    stated: switchField(reach(spec, 'values', 'cni', 'ambient', 'enabled')),
    profile,
    profileAt: below(at, 'spec', 'profile'),
    by: 'installer',
    at,
    layersOpen: layered.layersOpen ?? false,
  });
  return {
    ...reading,
    refusals,
    enablementSelectors: reach(spec, 'values', 'cni', 'ambient', 'enablementSelectors')?.at,
  };
}

/** `global` of the `Istio` that `targetRef` names. */
function inheritedGlobal(spec: Cursor | undefined, istios: readonly LayeredStatement[]): Cursor | undefined {
  const name = knownValue(readNonEmpty(reach(spec, 'targetRef', 'name')));
  const target = istios.find(({ statement }) => statement.name === name);
  return target === undefined ? undefined : reach(mergedTree(target), 'spec', 'values', 'global');
}

/** @param istios the `Istio` objects of the same cluster */
export function readSailZtunnel(
  layered: LayeredStatement,
  istios: readonly LayeredStatement[],
  traitsOf: TraitsOf,
): FormReading {
  const { at } = layered.statement;
  const spec = reach(mergedTree(layered), 'spec');
  const inherits = get(spec, 'targetRef') !== undefined;
  const inherited = inherits ? inheritedGlobal(spec, istios) : undefined;
  const version = versionField(printed(reach(spec, 'version')));
  return readZtunnelChart(
    {
      values: reach(spec, 'values', 'ztunnel'),
      global: mergeValues(inherited, reach(spec, 'values', 'global')),
      globalReading: 'typed',
      at,
      valuesAt: below(at, 'spec', 'values', 'ztunnel'),
      globalAt: below(at, 'spec', 'values', 'global'),
      namespace:
        layered.layersOpen === true && reach(spec, 'namespace') === undefined
          ? { unknown: 'layered', at }
          : namespaceOf(spec, 'ztunnel', at),
      version,
      inheritsGlobal: inherits,
      // A targetRef whose Istio is not in sight may bring anything.
      layersOpen: layered.layersOpen === true || (inherits && inherited === undefined),
    },
    traitsOf(isKnown(version) ? version : undefined),
  );
}
