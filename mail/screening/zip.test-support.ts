/** Small zips with what a writer of honest ones would not put in. */
import { deflateRawSync } from "node:zlib";

export interface ZipFile {
  name: string;
  content: Uint8Array;
  deflated?: boolean;
  encrypted?: boolean;
}

export function zipOf(files: ZipFile[]): Buffer<ArrayBuffer> {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, content, deflated = false, encrypted = false } of files) {
    const title = Buffer.from(name);
    const packed = deflated ? deflateRawSync(content) : Buffer.from(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(encrypted ? 1 : 0, 2);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), common, place, title);
    const body = [Buffer.from("PK\x03\x04", "latin1"), common, title, packed];
    bodies.push(...body);
    at += body.reduce((sum, { length }) => sum + length, 0);
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length & 0x7fff, 8);
  end.writeUInt16LE(files.length & 0x7fff, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}
