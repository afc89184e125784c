// The README's two walks, by a client that is typed by openapi-typescript.
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/schema.js';

const { SIGNET: baseUrl = '', EMAIL: email = '', PASSWORD: password = '' } = process.env;

const as = (bearer?: string) =>
  createClient<paths>({ baseUrl, headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} });

/** The body of a response that must be one of success. */
function given<T>(what: string, result: { data?: T; error?: components['schemas']['Problem']; response: Response }): T {
  if (result.data === undefined) {
    throw new Error(`${what}: ${result.response.status} ${result.error?.code}: ${result.error?.detail}`);
  }
  return result.data;
}

function expect(what: string, got: unknown, wanted: unknown) {
  if (got !== wanted) {
    throw new Error(`${what}: ${String(got)}, not ${String(wanted)}`);
  }
}

const session = given('signing in', await as().POST('/auth/local', { body: { email, password } }));
const admin = as(session.token);

const role = async (name: string, permissions: string[]): Promise<string> =>
  given('role', await admin.POST('/api/v2/accessroles', { body: { name, permissions } })).data._id;

// From sign-in to revocation
const reader = await role('Token reader', ['admin-apitokens-read']);
const talker = await role('Talker', ['messages-write']);
const alfredo = given(
  'token',
  await admin.POST('/api/v2/apitokens', {
    body: { name: 'Alfredo', code: 'alfredo', userBotName: 'Alfredo bot', accessRoles: [reader] },
  }),
).data;
const partner = as(alfredo.token);
const me = given('me', await partner.GET('/api/v2/users/me')).data;
expect('permissions', me.permissionsV2.join(), 'admin-apitokens-read');
const list = given('tokens', await partner.GET('/api/v2/apitokens', { params: { query: { sortBy: 'code', orderBy: 'asc' } } }));
const first: components['schemas']['ApiToken'] | undefined = list.data.apiTokens[0];
expect('listed', first?.code, 'alfredo');

const at = { params: { path: { id: alfredo._id } } };
const edited = await admin.PATCH('/api/v2/apitokens/{id}', { ...at, body: { accessRoles: [talker] } });
expect('edited', given('edit', edited).data.status, 'active');
const refused = await partner.GET('/api/v2/apitokens');
expect('without the role', refused.response.status, 403);
expect('without the role', refused.error?.requiredPermissions?.[0], 'admin-apitokens-read');
given('switch off', await admin.PATCH('/api/v2/apitokens/{id}', { ...at, body: { isActive: false } }));
expect('switched off', (await partner.GET('/api/v2/users/me')).error?.code, 'token_inactive');
given('switch on', await admin.PATCH('/api/v2/apitokens/{id}', { ...at, body: { isActive: true } }));
given('switched on', await partner.GET('/api/v2/users/me'));
const revoked = given('revoke', await admin.POST('/api/v2/apitokens/{id}/revoke', { ...at, body: { reason: 'done' } })).data;
const end: string | null = revoked.revokedAt;
expect('revoked at', end === null, false);
expect('revoked', (await partner.GET('/api/v2/users/me')).error?.code, 'token_revoked');

// A bot talks
const speaker = await role('Speaker', ['messages-write', 'messages-impersonate']);
const channel = given(
  'channel',
  await admin.POST('/api/v2/channels', { body: { nameDisplay: 'Orders', nameCode: 'orders' } }),
).data;
const you = channel.createdBy ?? '';
const berta = given(
  'token',
  await admin.POST('/api/v2/apitokens', {
    body: { name: 'Berta', code: 'berta', userBotName: 'Berta bot', accessRoles: [speaker], impersonates: [you] },
  }),
).data;
given(
  'member',
  await admin.PUT('/api/v2/channels/{id}/users/{userId}', { params: { path: { id: channel._id, userId: berta.user } } }),
);
const bot = as(berta.token);
const message = { channel: channel._id, contentType: 'text/plain' as const, content: 'Order 7 is packed' };
const said = given('say', await bot.POST('/api/v1/messages', { body: message })).data;
expect('said by', said.sender.displayName, 'Berta bot');
const spoken = given('say for you', await bot.POST('/api/v1/messages', { body: { ...message, sentBy: you } })).data;
expect('really by', spoken.actedBy?.user, berta.user);
const kept = given('channel', await admin.GET('/api/v2/channels/{id}', { params: { path: { id: channel._id } } })).data;
expect('last message', kept.lastMessage?.content, message.content);
given(
  'no longer',
  await admin.PATCH('/api/v2/apitokens/{id}', { params: { path: { id: berta._id } }, body: { impersonates: [] } }),
);
const silenced = await bot.POST('/api/v1/messages', { body: { ...message, sentBy: you } });
expect('no longer for you', silenced.error?.code, 'cannot_act_for');
console.log('both walks done');
