/** Runs everything that a kustomization does to its objects, in kustomize's order: all is loaded first, then applied. */

import type { Anchor } from '../../base/anchor.ts';
import { get } from '../../yaml/read.ts';
import { misspeltWord } from '../name-slip.ts';
import { applyJsonEntry, applyObjects, applyPatch, type TargetedPatch } from './apply-patches.ts';
import { loadPlugins, pluginStep } from './builtin-plugins.ts';
import { deletedBy } from './deletions.ts';
import type { Draft } from './draft.ts';
import { type Kustomization, list, text } from './kustomization-file.ts';
import { meantTarget } from './meant-target.ts';
import type { SchemaOf } from './merge-schema.ts';
import { affixChange, type Change, labelChanges, setPairs } from './metadata-settings.ts';
import { namespaceChange } from './namespace-setting.ts';
import { loadPatch, loadStrategicPatch, type Patch, type PatchContent } from './patches.ts';
import { textOf } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { loadReplacements } from './replacement-file.ts';
import { applyReplacement, type Idle } from './replacements.ts';
import { currentId, idKey, type Resource } from './resource.ts';
import { describeId } from './resource-list.ts';
import { imageChange, withReplicas } from './workload-settings.ts';

/** A step that is loaded and not yet applied. */
interface Step {
  readonly at: Anchor;
  readonly run: (resources: readonly Resource[]) => readonly Resource[];
}

/** What a patch makes of objects. */
type Apply = (resources: readonly Resource[], patch: TargetedPatch) => readonly Resource[];

/** Applies the settings of a kustomization to what it has gathered. */
export function transform(draft: Draft, kustomization: Kustomization, schemaOf: SchemaOf): void {
  const { folder } = kustomization;
  for (const { at, run } of loadSteps(draft, kustomization, schemaOf)) {
    draft.step(folder, at, () => {
      draft.resources = run(draft.resources);
    });
  }
}

function loadSteps(draft: Draft, kustomization: Kustomization, schemaOf: SchemaOf): readonly Step[] {
  const { folder, root } = kustomization;
  const { fields } = draft;
  const steps: Step[] = [];
  const load = (at: Anchor, make: () => Step['run'] | undefined) => {
    draft.step(folder, at, () => {
      const run = make();
      if (run !== undefined) steps.push({ at, run });
    });
  };
  const each = (at: Anchor, make: () => Change) => {
    load(at, () => {
      const change = make();
      return (resources) => resources.map(change);
    });
  };
  /** A patch that is told of where it is for nothing; what it was perhaps meant for remembers it. */
  const told = (patch: Patch, apply: Apply): Step['run'] => {
    const { target, at } = patch;
    if (target === undefined) return (resources) => apply(resources, patch);
    return (resources) => {
      if (target.placesIn(resources).length > 0) return apply(resources, patch);
      draft.idle({ at, target: target.written, folder, what: 'patch' });
      return rememberMissed(resources, meantTarget(target, resources)?.objects ?? [], (one) =>
        apply([one], { ...patch, target: { placesIn: () => [0] } }),
      );
    };
  };
  const idle: Idle = (resources, target, set, isReached) => {
    const meant = meantTarget(
      target,
      resources.filter((_, index) => !isReached(index)),
    );
    // Such targets are listed for more than every build has: only a misspelt name was certainly meant for something.
    if (meant?.key !== 'name' || misspeltWord(textOf(meant.written.node), meant.word) === undefined) return resources;
    draft.idle({ at: target.written.at, target: target.written, folder, what: 'replacement' });
    return rememberMissed(resources, meant.objects, (one) => [set(one)]);
  };
  /** What a patch deletes is noted. */
  const noted = (content: PatchContent, run: Step['run']): Step['run'] => {
    return (resources) => {
      const result = run(resources);
      draft.drop(deletedBy(content, resources, result));
      return result;
    };
  };
  for (const entry of list(root, 'patchesStrategicMerge')) {
    load(entry.at, () => {
      const content = loadStrategicPatch(draft, kustomization, entry);
      return content && noted(content, (resources) => applyObjects(resources, content, schemaOf));
    });
  }
  for (const entry of list(root, 'patches')) {
    load(entry.at, () => {
      const patch = loadPatch(draft, kustomization, entry);
      const run = patch && told(patch, (resources, targeted) => applyPatch(resources, targeted, schemaOf));
      return run && noted(patch.content, run);
    });
  }
  const namespace = get(root, 'namespace');
  if (namespace !== undefined && text(root, 'namespace') !== undefined) {
    load(namespace.at, () => {
      const change = namespaceChange(namespace, fields.namespace);
      return (resources) => {
        draft.changeDropped(change);
        return distinct(resources, change);
      };
    });
  }
  for (const [key, specs, which] of [
    ['namePrefix', fields.namePrefix, 'prefix'],
    ['nameSuffix', fields.nameSuffix, 'suffix'],
  ] as const) {
    const setting = get(root, key);
    if (setting !== undefined && text(root, key) !== undefined) {
      load(setting.at, () => {
        const change = affixChange(setting, specs, which);
        return (resources) => {
          draft.changeDropped(change);
          return resources.map(change);
        };
      });
    }
  }
  const labels = get(root, 'labels') ?? get(root, 'commonLabels');
  if (labels !== undefined) {
    load(labels.at, () => {
      const changes = labelChanges(root, fields);
      return (resources) => changes.reduce((all, change) => all.map(change), resources);
    });
  }
  const annotations = get(root, 'commonAnnotations');
  if (annotations !== undefined) each(annotations.at, () => setPairs(annotations, fields.commonAnnotations));
  for (const entry of list(root, 'patchesJson6902')) {
    load(entry.at, () => {
      if (text(entry, 'target', 'name') === undefined) {
        throw new Refusal('invalid-kustomization', 'the target of an entry of patchesJson6902 must have a name');
      }
      const patch = loadPatch(draft, kustomization, entry);
      return patch && told(patch, applyJsonEntry);
    });
  }
  for (const entry of list(root, 'replicas')) {
    load(entry.at, () => (resources) => {
      const result = withReplicas(resources, entry, fields.replicas);
      if (result !== undefined) return result;
      const name = text(entry, 'name') ?? '';
      throw new Refusal('patch-target-missing', `no object with replicas is called ${name}`);
    });
  }
  for (const entry of [...list(root, 'images'), ...list(root, 'imageTags')]) {
    each(entry.at, () => imageChange(entry, fields.images));
  }
  for (const entry of list(root, 'replacements')) {
    load(entry.at, () => {
      const replacements = loadReplacements(draft, kustomization, entry);
      return (
        replacements &&
        ((resources) => replacements.reduce((all, one) => applyReplacement(all, one, draft.replacing, idle), resources))
      );
    });
  }
  for (const entry of list(root, 'transformers')) {
    draft.step(folder, entry.at, () => {
      for (const plugin of loadPlugins(draft, kustomization, entry)) {
        const run = pluginStep(draft, kustomization, plugin, schemaOf);
        if (run !== undefined) steps.push({ at: entry.at, run });
      }
    });
  }
  return steps;
}

/** What a target that selects nothing was perhaps meant for remembers what was to be done to it. */
function rememberMissed(
  resources: readonly Resource[],
  objects: readonly Resource[],
  missed: NonNullable<Resource['missed']>[number],
): readonly Resource[] {
  const meant = new Set(objects);
  return resources.map((one) => (meant.has(one) ? { ...one, missed: [...(one.missed ?? []), missed] } : one));
}

/** The objects in their new namespace; two of one id are refused. */
function distinct(resources: readonly Resource[], change: Change): readonly Resource[] {
  const result = resources.map(change);
  const seen = new Map<string, Resource>();
  for (const resource of result) {
    const id = currentId(resource);
    const first = seen.get(idKey(id));
    if (first !== undefined) {
      throw new Refusal('duplicate-id', `two objects become ${describeId(id)}`, {
        related: [first, resource].flatMap((one) => (one.root.origin === undefined ? [] : [one.root.origin])),
      });
    }
    seen.set(idKey(id), resource);
  }
  return result;
}
