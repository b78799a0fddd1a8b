// Writes a table's metadata through one catalog, reads it from another, and prints what it saw as one line of JSON.
// Arguments: write|read, the base URL, the warehouse (may be empty), and the table's name.
import { IcebergRestCatalog, IcebergError } from 'iceberg-js';

const [, , task, baseUrl, warehouse, name] = process.argv;
const namespace = ['web'];
const table = { namespace, name };
const catalog = new IcebergRestCatalog({ baseUrl, ...(warehouse ? { warehouse } : {}), auth: { type: 'none' } });

async function refusal(call) {
  try {
    await call();
    return 'no refusal';
  } catch (error) {
    return error instanceof IcebergError ? `${error.status} ${error.icebergType ?? ''}`.trim() : String(error);
  }
}

async function write() {
  await catalog.createNamespace({ namespace }, { properties: { owner: 'js' } });
  await catalog.createTable({ namespace }, {
    name,
    schema: {
      type: 'struct',
      'schema-id': 0,
      fields: [
        { id: 1, name: 'id', type: 'long', required: true },
        { id: 2, name: 'text', type: 'string', required: false },
      ],
    },
  });
  await catalog.updateTable(table, {
    requirements: [],
    updates: [{ action: 'set-properties', updates: { origin: 'iceberg-js' } }],
  });
  return { again: await refusal(() => catalog.createNamespace({ namespace })) };
}

async function read() {
  const loaded = await catalog.loadTableResult(table);
  return {
    namespaces: (await catalog.listNamespaces()).namespaces,
    tables: (await catalog.listTables({ namespace })).identifiers,
    uuid: loaded.metadata['table-uuid'],
    origin: loaded.metadata.properties?.origin,
    unchanged: (await catalog.loadTable(table, { ifNoneMatch: loaded.etag })) === null,
    missing: await refusal(() => catalog.loadTable({ namespace, name: 'missing' })),
    write: await refusal(() => catalog.createTable({ namespace }, {
      name: 'mine',
      schema: { type: 'struct', 'schema-id': 0, fields: [] },
    })),
  };
}

console.log(JSON.stringify(task === 'write' ? await write() : await read()));
