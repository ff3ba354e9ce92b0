/** Looks into the packaged extension: it holds what a user needs, nothing else, and is small. Needs `npm run package`. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string };
const vsix = readFileSync(`${name}-${version}.vsix`);

/** Room for code, as it is packed. */
const MAXIMUM_CODE = 625_000;
/** Room for the package: the pages of rules are in it, too; pictures of the README stay outside. */
const MAXIMUM_BYTES = 750_000;

/** The files in a zip archive, by path, read through its central directory (APPNOTE 4.3.12). */
function unzip(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf('PK\x05\x06');
  let entry = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => archive.readUInt16LE(entry + at));
    const path = archive.toString('utf8', entry + 46, entry + 46 + (nameLength ?? 0));
    const header = archive.readUInt32LE(entry + 42);
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const packed = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
    files.set(path, archive.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed));
    entry += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return files;
}

describe('the package', () => {
  const files = unzip(vsix);
  const paths = [...files.keys()].filter((path) => path.startsWith('extension/')).map((path) => path.slice(10));

  it('holds nothing but the bundles, what VS Code reads, and what people read', () => {
    const expected =
      /^(package\.json|readme\.md|changelog\.md|LICENSE(\.txt)?|dist\/(client|cli)\.cjs|dist\/notices\.txt|(syntaxes|schemas)\/[\w.-]+\.json|icons\/[\w-]+\.(png|svg)|docs\/(rules\/[\w-]+|several-folders)\.md)$/i;
    assert.deepEqual(
      paths.filter((path) => !expected.test(path)),
      [],
    );
  });

  it('holds everything that package.json points to', () => {
    const manifest = files.get('extension/package.json')?.toString('utf8') ?? '';
    const named = [...manifest.matchAll(/"(?:\.\/)?((?:dist|icons|syntaxes|schemas|docs)\/[^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((path) => !paths.includes(path)),
      [],
    );
  });

  it('holds every schema and every page of a rule', () => {
    const shipped = ['schemas', 'docs/rules'].flatMap((folder) =>
      readdirSync(folder).map((file) => `${folder}/${file}`),
    );
    assert.deepEqual(
      shipped.filter((path) => !paths.includes(path)),
      [],
    );
  });

  it('names the licences of what is bundled', () => {
    const notices = files.get('extension/dist/notices.txt')?.toString('utf8') ?? '';
    for (const bundled of ['yaml', 'vscode-languageclient', 'vscode-languageserver']) {
      assert.match(notices, new RegExp(`^${bundled} \\d`, 'm'));
    }
  });

  it('does not know where it was built', () => {
    const here = process.cwd();
    const telling = [...files].filter(([, content]) => content.includes(here)).map(([path]) => path);
    assert.deepEqual(telling, []);
  });

  it(`is smaller than ${MAXIMUM_BYTES / 1000} kB, and its code than ${MAXIMUM_CODE / 1000} kB`, () => {
    const code = [...files].filter(([path]) => /\.(?:cjs|json)$/.test(path));
    const packed = code.reduce((sum, [, content]) => sum + deflateRawSync(content).length, 0);
    assert.ok(packed > 300_000 && packed < MAXIMUM_CODE, `${packed} bytes of code`);
    assert.ok(vsix.length < MAXIMUM_BYTES, `${vsix.length} bytes`);
  });
});
