// Reads the current rows of a table and prints them as one line of JSON, sorted.
// Arguments: the URL of a load of the table, and the folder that holds the buckets of the store.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { icebergRead } from 'icebird';

const [, , tableUrl, buckets] = process.argv;
const overHttp = globalThis.fetch;

// The reader asks for every file at Amazon's address of its bucket; here a bucket is a folder.
globalThis.fetch = async (url, init) => {
  const asked = /^https:\/\/([^./]+)\.s3\.amazonaws\.com\/(.+)$/.exec(url);
  return asked ? fileAnswer(join(buckets, asked[1], asked[2]), init) : overHttp(url, init);
};

async function fileAnswer(path, init) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const range = /^bytes=(\d+)-(\d*)$/.exec(new Headers(init?.headers).get('range') ?? '');
    const start = range ? Number(range[1]) : 0;
    const end = range && range[2] ? Math.min(Number(range[2]) + 1, size) : size;
    const bytes = Buffer.alloc(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return new Response(bytes, { status: range ? 206 : 200 });
  } finally {
    await file.close();
  }
}

const { metadata } = await (await overHttp(tableUrl)).json();
const rows = await icebergRead({ tableUrl: metadata.location, metadata });
const plain = (key, value) => (typeof value === 'bigint' ? Number(value) : value ?? null);
console.log(JSON.stringify(rows.map((row) => JSON.stringify(row, plain)).sort()));
