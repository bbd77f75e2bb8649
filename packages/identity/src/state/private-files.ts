/** Replaces a file whole or not at all, surviving kill -9 and power loss: temporary file, fsync, rename, fsync of the folder. Mode 0600. */
export async function writePrivateFile(_path: string, _data: string | Uint8Array): Promise<void> {
  throw new Error('under construction');
}

/** Makes the folder (0700) or checks that it is ours alone. @throws {LateenError} `LATEEN_STATE_PERMISSIONS`. */
export async function ensurePrivateFolder(_path: string): Promise<void> {
  throw new Error('under construction');
}

/** The file's text, undefined when there is none. @throws {LateenError} `LATEEN_STATE_PERMISSIONS` when others can read or change it. */
export async function readPrivateFile(_path: string): Promise<string | undefined> {
  throw new Error('under construction');
}
