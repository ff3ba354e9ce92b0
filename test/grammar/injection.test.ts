/** The injection grammar gives what decides about a mesh scopes of its own, and disturbs nothing else of YAML. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import yaml from '@shikijs/langs/yaml';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const require = createRequire(import.meta.url);
const INJECTION = 'ambient-multicluster.injection';

async function grammar(injected: boolean): Promise<textmate.IGrammar> {
  const registry = new textmate.Registry({
    onigLib: oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'))).then(() => ({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    })),
    loadGrammar: async (scope) => {
      if (scope === 'source.yaml') return textmate.parseRawGrammar(JSON.stringify(yaml[0]), 'yaml.json');
      if (scope !== INJECTION) return null;
      const file = 'syntaxes/ambient-multicluster.injection.tmLanguage.json';
      return textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
    },
    getInjections: (scope) => (injected && scope === 'source.yaml' ? [INJECTION] : undefined),
  });
  const loaded = await registry.loadGrammar('source.yaml');
  assert.ok(loaded);
  return loaded;
}

/** Every token of `text` with its scopes. */
function tokens(
  loaded: textmate.IGrammar,
  text: string,
): { readonly text: string; readonly scopes: readonly string[] }[] {
  let stack = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const result = loaded.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return result.tokens.map((token) => ({
      text: line.slice(token.startIndex, token.endIndex),
      scopes: token.scopes.flatMap((scope) => scope.split(' ')),
    }));
  });
}

/** Every character of `text` with its scopes. */
function characters(loaded: textmate.IGrammar, text: string) {
  return tokens(loaded, text).flatMap((token) => Array.from(token.text, (char) => ({ char, scopes: token.scopes })));
}

const isOwn = (scope: string) => scope.endsWith('.ambient-multicluster');

const MANIFEST = `apiVersion: v1
kind: Service
metadata:
  labels:
    istio.io/global: "true"
    istio.io/use-waypoint: waypoint
    istio.io/use-waypoint-namespace: infra # comment
    topology.istio.io/network: network1
    example.istio.io/global: "no"
spec:
  gatewayClassName: istio-east-west
  listeners:
    - name: mesh
      protocol: HBONE
      tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } }
    # ambient-multicluster-ignore waypoint-not-uniform, shared-network: moving in May
data:
  mesh: |
    serviceScopeConfigs:
    - scope: GLOBAL
env:
  - name: AMBIENT_ENABLE_MULTI_NETWORK
    value: "true"
text: not the HBONE of protocol`;

describe('injection grammar', () => {
  let plain: textmate.IGrammar;
  let injected: textmate.IGrammar;
  before(async () => {
    plain = await grammar(false);
    injected = await grammar(true);
  });

  const cases: readonly (readonly [string, string])[] = [
    ['istio.io/global', 'keyword.other.scope.ambient-multicluster'],
    ['istio.io/use-waypoint', 'keyword.other.waypoint.ambient-multicluster'],
    ['istio.io/use-waypoint-namespace', 'keyword.other.waypoint.ambient-multicluster'],
    ['topology.istio.io/network', 'keyword.other.topology.ambient-multicluster'],
    ['istio-east-west', 'support.constant.gateway-class.ambient-multicluster'],
    ['HBONE', 'constant.language.hbone.ambient-multicluster'],
    ['ISTIO_MUTUAL', 'constant.language.tls.ambient-multicluster'],
    ['ambient-multicluster-ignore', 'keyword.other.suppression.ambient-multicluster'],
    ['waypoint-not-uniform, shared-network', 'entity.name.function.rule.ambient-multicluster'],
    ['moving in May', 'string.unquoted.reason.ambient-multicluster'],
    ['serviceScopeConfigs', 'keyword.other.install.ambient-multicluster'],
    ['GLOBAL', 'constant.language.scope.ambient-multicluster'],
    ['AMBIENT_ENABLE_MULTI_NETWORK', 'variable.other.constant.ambient-multicluster'],
  ];
  for (const [text, scope] of cases) {
    it(`gives ${text} the scope ${scope}`, () => {
      const found = tokens(injected, MANIFEST).filter((token) => token.scopes.includes(scope));
      assert.ok(
        found.some((token) => token.text === text),
        `found ${JSON.stringify(found.map((token) => token.text))}`,
      );
    });
  }

  it('leaves every other character as it is', () => {
    const before = characters(plain, MANIFEST);
    const after = characters(injected, MANIFEST);
    assert.equal(after.length, before.length);
    const changed = after.filter(({ scopes }, i) => !scopes.some(isOwn) && scopes.join() !== before[i]?.scopes.join());
    assert.deepEqual(changed, []);
  });

  it('does not touch look-alikes', () => {
    const found = tokens(
      injected,
      'example.istio.io/global: "no"\ntext: not the HBONE of protocol\nmy-istio.io/global: x',
    );
    assert.deepEqual(
      found.filter(({ scopes }) => scopes.some(isOwn)),
      [],
    );
  });
});
