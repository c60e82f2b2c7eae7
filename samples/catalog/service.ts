import { crudService, enumType, field, type MessageOf, message } from 'tributary';

export const Category = enumType('Category', {
  CATEGORY_UNSPECIFIED: 0,
  CATEGORY_TEA: 1,
  CATEGORY_COFFEE: 2,
  CATEGORY_CUP: 3,
});

export const Product = message('Product', {
  id: field.string(1),
  name: field.string(2),
  category: field.enum(Category, 3),
  price: field.uint32(4, 'in cents'),
  weight: field.double(5, 'in kilograms, where it is known').optional(),
  description: field.string(6),
});
export type Product = MessageOf<typeof Product>;

/**
 * Six methods made of one message; `tributary proto` prints them to `proto/catalog/v1/catalog.proto`.
 * What is here knows of no database: the client loads it, too.
 */
export const Catalog = crudService('catalog.v1.Catalog', Product, {
  key: 'id',
  plural: 'Products',
  comment: 'What is for sale.',
});
