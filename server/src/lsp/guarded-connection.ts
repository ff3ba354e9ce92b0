/**
 * A connection whose handlers get only parameters of the right shape: a request with others is answered with InvalidParams, a notification
 * is ignored, and logged in one line. After `shutdown`, every request is answered with InvalidRequest.
 */
import { type Connection, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { anything, type Check, count, list, object, oneOf, optional, PARAMS, text } from './params.ts';
import { METHODS } from './protocol.ts';

const textDocument = object({ uri: text });
const position = object({ line: count, character: count });
const range = object({ start: position, end: position });
/** Each by itself is looked at where they are opened. */
const folders = optional(list(anything));
const grouping = optional(oneOf('cluster', 'service'));

const REQUESTS: Readonly<Record<string, Check>> = {
  'textDocument/codeAction': object({ textDocument, range, context: object({ only: optional(list(text)) }) }),
  'textDocument/completion': object({ textDocument, position }),
  'textDocument/hover': object({ textDocument, position }),
  'textDocument/documentLink': object({ textDocument }),
  'textDocument/willSaveWaitUntil': object({ textDocument }),
  [METHODS.topology]: optional(object({ grouping, parent: optional(text) })),
  [METHODS.topologyAt]: object({ grouping, uri: text, position }),
  [METHODS.whyCluster]: object({ node: text }),
  [METHODS.report]: optional(object({ format: optional(text) })),
  [METHODS.explain]: object({ rule: text }),
  [METHODS.initConfig]: optional(object({ uri: optional(text) })),
  [METHODS.ignoreEdit]: object({
    ...{ id: text, uri: text, line: count, rule: text },
    target: oneOf('line', 'file', 'object'),
    reason: optional(text),
  }),
};

const NOTIFICATIONS: Readonly<Record<string, Check>> = {
  'textDocument/didOpen': object({ textDocument: object({ uri: text, languageId: text, version: integer, text }) }),
  'textDocument/didChange': object({
    textDocument: object({ uri: text, version: integer }),
    contentChanges: list(object({ text, range: optional(range) })),
  }),
  'textDocument/didClose': object({ textDocument }),
  'textDocument/didSave': object({ textDocument }),
  'textDocument/willSave': object({ textDocument }),
  'workspace/didChangeWatchedFiles': object({ changes: list(object({ uri: text, type: count })) }),
  'workspace/didChangeConfiguration': object({ settings: anything }),
  'workspace/didChangeWorkspaceFolders': object({ event: object({ added: folders, removed: folders }) }),
};

/** Functions of a connection that take the handler of one method. */
const REGISTRATIONS: Readonly<Record<string, string>> = {
  onCodeAction: 'textDocument/codeAction',
  onCompletion: 'textDocument/completion',
  onHover: 'textDocument/hover',
  onDocumentLinks: 'textDocument/documentLink',
  onDidOpenTextDocument: 'textDocument/didOpen',
  onDidChangeTextDocument: 'textDocument/didChange',
  onDidCloseTextDocument: 'textDocument/didClose',
  onDidSaveTextDocument: 'textDocument/didSave',
  onWillSaveTextDocument: 'textDocument/willSave',
  onWillSaveTextDocumentWaitUntil: 'textDocument/willSaveWaitUntil',
  onDidChangeWatchedFiles: 'workspace/didChangeWatchedFiles',
  onDidChangeConfiguration: 'workspace/didChangeConfiguration',
};

/** Versions of documents may be negative. */
function integer(value: unknown, path: string): string | undefined {
  return typeof value === 'number' ? undefined : count(value, path);
}

/** Whether the client has said that it is about to leave. */
interface State {
  readonly isShutDown: boolean;
}

type Handler = (params: unknown, ...others: readonly unknown[]) => unknown;

/** What a request is answered with after `shutdown`. */
export function shutDownAlready(method: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidRequest, `${method} after shutdown`);
}

export function guardedConnection(connection: Connection, state: State): Connection {
  return new Proxy(connection, {
    get: (target, key) => {
      const own: unknown = Reflect.get(target, key);
      if (key === 'onRequest')
        return (method: unknown, handler?: Handler) =>
          handler === undefined
            ? target.onRequest((called, ...args) => {
                if (state.isShutDown) return shutDownAlready(called);
                return (method as Handler)(called, ...args);
              })
            : target.onRequest(methodOf(method), answering(state, methodOf(method), handler));
      if (key === 'onNotification')
        return (method: unknown, handler: Handler) =>
          (own as (method: unknown, handler: Handler) => unknown)(method, heeding(target, methodOf(method), handler));
      const method = typeof key === 'string' ? REGISTRATIONS[key] : undefined;
      if (method === undefined) return own;
      // The library's own way looks at the parameters before the handler does.
      if (method in REQUESTS) return (handler: Handler) => target.onRequest(method, answering(state, method, handler));
      return (handler: Handler) => (own as (handler: Handler) => unknown)(heeding(target, method, handler));
    },
  });
}

function methodOf(method: unknown): string {
  return typeof method === 'string' ? method : String((method as { readonly method?: unknown } | null)?.method);
}

/** The handler of a request, as the connection calls it. */
function answering(state: State, method: string, handler: Handler): Handler {
  const check = REQUESTS[method];
  return (...args) => {
    if (state.isShutDown) return shutDownAlready(method);
    if (check === undefined) return handler(...(args as [unknown]));
    // What comes without parameters is called with the token alone; parameters in a list are handed over one by one.
    const [params, ...others] = args.length > 1 ? args : [undefined, ...args];
    const fault = others.length > 1 && !isToken(others[0]) ? `${PARAMS} must not be a list` : check(params, PARAMS);
    return fault === undefined
      ? handler(params, ...others)
      : new ResponseError(ErrorCodes.InvalidParams, `${method}: ${fault}`);
  };
}

/** The handler of a notification. */
function heeding({ console }: Connection, method: string, handler: Handler): Handler {
  const notification = NOTIFICATIONS[method];
  if (notification === undefined) return handler;
  return (params, ...others) => {
    const fault = notification(params, PARAMS);
    if (fault === undefined) return handler(params, ...others);
    console.warn(`${method} is ignored: ${fault}`);
    return undefined;
  };
}

function isToken(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'isCancellationRequested' in value;
}
