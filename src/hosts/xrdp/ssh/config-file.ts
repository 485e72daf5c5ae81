import { glob, readFile } from 'node:fs/promises';
import SshConfig, { type Line } from 'ssh-config';
import { UsherError } from '../../../sessions/errors.ts';

/** One line of an SSH configuration, with the lines below it where it is a `Host` or `Match`. */
export interface ConfigLine {
  /** In lower case: keywords do not count case, ssh_config(5). */
  readonly keyword: string;
  /** Without quotes. One element unless the keyword takes several. */
  readonly values: readonly string[];
  readonly body: readonly ConfigLine[];
}

/** Bytes of one file; a configuration is a few kilobytes. */
const largestFile = 1 << 20;
/** Files that one `Include` may name. */
const mostIncluded = 256;

/** Reads a configuration file, null where there is none. Throws {@link UsherError} `bad_file`. */
export async function readConfigFile(file: string): Promise<readonly ConfigLine[] | null> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    if (isAbsence(error)) return null;
    throw badFile(file, 'cannot be read', error);
  }
  if (content.length > largestFile) throw badFile(file, `is larger than ${largestFile} bytes`);
  return parseConfig(content.toString('utf8'), file);
}

/** Reads the text of a configuration. Throws {@link UsherError} `bad_file`. */
export function parseConfig(text: string, file: string): readonly ConfigLine[] {
  refuseMissingValues(text, file);
  try {
    return SshConfig.parse(text).flatMap(configLine);
  } catch (error) {
    throw badFile(file, 'is not an SSH configuration', error);
  }
}

/** The files that a pattern of `Include` names, in the order of their names as glob(7) gives them. */
export async function includedFiles(pattern: string): Promise<readonly string[]> {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const files: string[] = [];
  for await (const file of glob(pattern)) {
    files.push(file);
    if (files.length > mostIncluded) throw badFile(pattern, `includes more than ${mostIncluded} files`);
  }
  return files.sort();
}

export function badFile(file: string, complaint: string, cause?: unknown): UsherError {
  return new UsherError({ code: 'bad_file', message: `the SSH configuration ${file} ${complaint}`, cause });
}

/** A keyword alone on its line is an error to ssh; the parser would take the next line for its value. */
function refuseMissingValues(text: string, file: string): void {
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const keyword = /^\s*([^\s#=]+)[\s=]*$/.exec(line)?.[1];
    if (keyword !== undefined) throw badFile(file, `has no value for '${keyword.slice(0, 40)}' in line ${index + 1}`);
  }
}

function configLine(line: Line): ConfigLine[] {
  if (!('param' in line) || line.param === '') return [];
  const { param, value } = line;
  return [
    {
      keyword: param.toLowerCase(),
      values: typeof value === 'string' ? [value] : value.map((part) => part.val),
      body: 'config' in line ? line.config.flatMap(configLine) : [],
    },
  ];
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
