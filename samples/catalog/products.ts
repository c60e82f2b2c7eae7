import initSqlJs, { type Database as SqlDatabase } from 'sql.js';
import { Category, type Product } from './service.js';

const { Database } = await initSqlJs(); // SQLite in WebAssembly: there is nothing to install

const KINDS = [
  { category: Category.numbers.CATEGORY_TEA, names: ['Assam', 'Sencha', 'Oolong', 'Pu-erh'] },
  { category: Category.numbers.CATEGORY_COFFEE, names: ['Harar', 'Bourbon', 'Maragogype'] },
  { category: Category.numbers.CATEGORY_CUP, names: ['Mug', 'Tumbler', 'Gaiwan', 'Demitasse'] },
];

/** A database in memory, with an empty table of products. */
export function openDatabase(): SqlDatabase {
  const db = new Database();
  db.run(`
    CREATE TABLE products (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      category INTEGER NOT NULL,
      price INTEGER NOT NULL,
      weight REAL,
      description TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX products_by_price ON products (price, id);
  `);
  return db;
}

/** Fills the table, the same way each time. */
export function addProducts(db: SqlDatabase, count: number): void {
  db.run('BEGIN');
  const insert = db.prepare('INSERT INTO products VALUES (?, ?, ?, ?, ?, ?)');
  for (let number = 1; number <= count; number += 1) {
    const { id, name, category, price, weight, description } = product(number);
    insert.run([id, name, category, price, weight ?? null, description]);
  }
  insert.free();
  db.run('COMMIT');
}

function product(number: number): Product {
  const { category, names } = KINDS[number % KINDS.length]!;
  const name = `${names[number % names.length]} no. ${number}`;
  return {
    id: `p-${String(number).padStart(5, '0')}`,
    name,
    category,
    price: 100 + ((number * 7_919) % 9_900),
    weight: number % 5 === 0 ? undefined : (number % 8) / 8,
    description: `There is much to be said of ${name}. `.repeat(25).trimEnd(),
  };
}
