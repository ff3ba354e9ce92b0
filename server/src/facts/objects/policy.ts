/** Policies of Istio that are attached to workloads, waypoints or Services: what each is attached to, and what it says. */
import { type Cursor, items } from '../../yaml/read.ts';
import type { Stated } from '../field.ts';
import type {
  AuthorizationPolicyObject,
  EnvoyFilterObject,
  ObjectBase,
  PeerAuthenticationObject,
  PolicyBase,
  RequestAuthenticationObject,
  TargetRef,
  TelemetryObject,
  WasmPluginObject,
} from '../objects.ts';
import { readLabelField } from '../read-labels.ts';
import { isNull, reach, readList, readString, readStringItem, readWord } from '../read-scalar.ts';
import { readValue } from '../read-value.ts';

function readTargetRef(ref: Cursor): TargetRef {
  return {
    at: ref.at,
    group: readString(reach(ref, 'group')),
    kind: readString(reach(ref, 'kind')),
    name: readString(reach(ref, 'name')),
    namespace: readString(reach(ref, 'namespace')),
  };
}

function readPolicy(object: Cursor, base: ObjectBase): PolicyBase {
  const spec = reach(object, 'spec');
  const single = reach(spec, 'targetRef');
  return {
    ...base,
    selector: readLabelField(reach(spec, 'selector', 'matchLabels')),
    targetRefs:
      readList(reach(spec, 'targetRefs'), readTargetRef) ??
      (single === undefined || isNull(single.node) ? undefined : { value: [readTargetRef(single)], at: single.at }),
    spec: readValue(spec),
  };
}

/** `rules[].from[].source.principals`, of all rules. */
function readPrincipals(spec: Cursor | undefined): readonly Stated<string>[] {
  return items(reach(spec, 'rules')).flatMap((rule) =>
    items(reach(rule, 'from')).flatMap((from) => items(reach(from, 'source', 'principals')).map(readStringItem)),
  );
}

export function readAuthorizationPolicy(object: Cursor, base: ObjectBase): AuthorizationPolicyObject {
  const spec = reach(object, 'spec');
  return {
    kind: 'AuthorizationPolicy',
    ...readPolicy(object, base),
    action: readWord(reach(spec, 'action')),
    principals: readPrincipals(spec),
  };
}

export function readRequestAuthentication(object: Cursor, base: ObjectBase): RequestAuthenticationObject {
  return { kind: 'RequestAuthentication', ...readPolicy(object, base) };
}

export function readPeerAuthentication(object: Cursor, base: ObjectBase): PeerAuthenticationObject {
  return {
    kind: 'PeerAuthentication',
    ...readPolicy(object, base),
    mode: readWord(reach(object, 'spec', 'mtls', 'mode')),
  };
}

export function readTelemetry(object: Cursor, base: ObjectBase): TelemetryObject {
  return { kind: 'Telemetry', ...readPolicy(object, base) };
}

export function readWasmPlugin(object: Cursor, base: ObjectBase): WasmPluginObject {
  return { kind: 'WasmPlugin', ...readPolicy(object, base) };
}

export function readEnvoyFilter(object: Cursor, base: ObjectBase): EnvoyFilterObject {
  return {
    kind: 'EnvoyFilter',
    ...readPolicy(object, base),
    selector: readLabelField(reach(object, 'spec', 'workloadSelector', 'labels')),
  };
}
