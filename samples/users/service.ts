import {
  type BidiStream,
  type ClientStream,
  loadService,
  type ServerStream,
  type Unary,
} from 'tributary';

export interface User {
  /** An int64, and so a bigint. */
  id: bigint;
  name: string;
  email: string;
  age: number;
  country: string;
  createdAt?: { seconds: bigint; nanos: number } | undefined;
}

export interface ListUsersRequest {
  country: string;
  pageSize?: number | undefined;
}

export interface CreateUserRow {
  row: number;
  name: string;
  email: string;
  age?: number | undefined;
  country: string;
  raw: string;
}

export interface BulkCreateReply {
  created: number;
  errors: { row: number; reason: string }[];
}

export interface ChatMessage {
  author: string;
  text: string;
}

/** What arrives has all its fields, what is sent may leave some out: hence the `Partial` ones. */
export interface UsersMethods {
  getUser: Unary<{ id: bigint }, User>;
  listUsers: ServerStream<ListUsersRequest, User, Partial<ListUsersRequest>>;
  bulkCreateUsers: ClientStream<CreateUserRow, BulkCreateReply, Partial<CreateUserRow>>;
  chat: BidiStream<ChatMessage, ChatMessage>;
}

export const Users = await loadService<UsersMethods>(
  new URL('../../proto/users.proto', import.meta.url),
  'users.Users',
);
