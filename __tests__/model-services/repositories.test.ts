import { MemoryRepository } from 'tributary';
import { openDatabase } from '../../samples/catalog/products.js';
import type { Product } from '../../samples/catalog/service.js';
import { SqlRepository } from '../../samples/catalog/sql-repository.js';
import { testRepository } from './repository-contract.js';

testRepository('MemoryRepository', () => new MemoryRepository<Product, 'id'>('id'));
testRepository(
  'SqlRepository',
  () => new SqlRepository<Product, 'id'>(openDatabase(), 'products', 'id'),
);
