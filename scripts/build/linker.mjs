// @ts-check
// What links native code on this system, and what it meant when it did not.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture } from '../run.mjs';

/** What is looked for, in words. */
export const linkers =
  { darwin: "Apple's command line tools", win32: 'the C++ tools of Visual Studio, or of its Build Tools' }[process.platform] ?? 'clang, gcc or cc';

/**
 * The linker that .NET's native compiler will use, or null. Asked for as .NET asks (Microsoft.NETCore.Native.Unix.targets,
 * findvcvarsall.bat), so that what is found here is found there.
 * @returns {{name: string, options: string[]} | null} `options`: for `dotnet publish`
 */
export function linker() {
  found ??= { tools: find() };
  return found.tools;
}
/** @type {{tools: ReturnType<typeof find>} | undefined} */
let found;

function find() {
  if (process.platform === 'win32') {
    const vswhere = join(process.env['ProgramFiles(x86)'] ?? '', 'Microsoft Visual Studio', 'Installer', 'vswhere.exe');
    const tools = `Microsoft.VisualStudio.Component.VC.Tools.${process.arch === 'arm64' ? 'ARM64' : 'x86.x64'}`;
    const asked = ['-latest', '-prerelease', '-products', '*', '-requires', tools, '-property', 'installationPath'];
    return existsSync(vswhere) && capture(vswhere, asked).trim() !== '' ? { name: 'link.exe', options: [] } : null;
  }
  // Without them `clang` is there all the same, and offers to install them.
  if (process.platform === 'darwin') return capture('xcode-select', ['-p']).trim() !== '' ? { name: 'clang', options: [] } : null;
  const name = ['clang', 'gcc', 'cc'].find(onPath);
  // .NET itself asks for the first two only.
  return name ? { name, options: name === 'cc' ? ['-p:CppCompilerAndLinker=cc'] : [] } : null;
}

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));

/** What is missing, by what linkers and .NET say where it is; Debian's names, which others can be found by. */
const known = /** @type {[RegExp, string][]} */ ([
  [
    /cannot find (?:Scrt1|crt1|crti)\.o|cannot find -l(?:c|m|dl|rt|pthread)\b|library '?-?l?(?:System|c)'? not found/,
    "the C library's development files are missing (libc6-dev)",
  ],
  [/cannot find -l?z\b|unable to find library -lz|zlib\.h/, "zlib's development files are missing (zlib1g-dev)"],
  [/cannot find -l(?:ssl|crypto)\b|unable to find library -l(?:ssl|crypto)\b/, "OpenSSL's development files are missing (libssl-dev)"],
  [/cannot find -lbrotli|unable to find library -lbrotli/, "Brotli's development files are missing (libbrotli-dev)"],
  [/cannot find '?ld'?|invalid linker name in argument|cannot execute 'ld'|unable to execute command: .*\bld\b/, 'there is no `ld` for it (binutils)'],
  [/Symbol stripping tool/, 'there is no `objcopy` (binutils)'],
]);

/** The reason in one line, of what a failed `dotnet publish` has printed. @param {string} output */
export function causeOf(output) {
  const hint = known.find(([sign]) => sign.test(output))?.[1];
  const lines = said(output);
  const first = (/** @type {RegExp} */ sign) => lines.find((line) => sign.test(line));
  // The linker's own words come before those of the compiler that called it.
  const why =
    first(/cannot find|unable to find|undefined (?:reference|symbol)/i) ?? first(/\berror (?:NU|NETSDK|IL|CS)\d+/) ?? first(/\berror\b/i) ?? lines.at(-1);
  const short = why
    ?.replace(/^\S+\(\d+,\d+\): /, '')
    .replace(/^\S+ : (?=error)/, '')
    .replace(/ \[[^\]]*\]$/, '');
  return [hint, short].filter(Boolean).join('; ') || 'it printed nothing';
}

/** The lines of it, without the command that failed, which MSBuild repeats in full. @param {string} output */
export const said = (output) =>
  output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/error MSB3073/.test(line));
