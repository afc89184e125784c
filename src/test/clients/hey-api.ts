// The README's two walks, by a client that @hey-api/openapi-ts generates.
import { createClient } from './generated/hey/client/index.js';
import {
  addChannelMember,
  createAccessRole,
  createApiToken,
  createChannel,
  editApiToken,
  getChannel,
  getMe,
  listApiTokens,
  postMessage,
  revokeApiToken,
  signIn,
} from './generated/hey/index.js';
import type { ApiToken } from './generated/hey/index.js';

const { SIGNET: baseUrl = '', EMAIL: email = '', PASSWORD: password = '' } = process.env;

const as = (auth?: string) => createClient({ baseUrl, ...(auth ? { auth } : {}) });

function expect(what: string, got: unknown, wanted: unknown) {
  if (got !== wanted) {
    throw new Error(`${what}: ${String(got)}, not ${String(wanted)}`);
  }
}

const { data: session } = await signIn({ client: as(), body: { email, password }, throwOnError: true });
const admin = { client: as(session.token), throwOnError: true } as const;

const role = async (name: string, permissions: string[]): Promise<string> =>
  (await createAccessRole({ ...admin, body: { name, permissions } })).data.data._id;

// From sign-in to revocation
const reader = await role('Token reader', ['admin-apitokens-read']);
const talker = await role('Talker', ['messages-write']);
const alfredo = (
  await createApiToken({
    ...admin,
    body: { name: 'Alfredo', code: 'alfredo', userBotName: 'Alfredo bot', accessRoles: [reader] },
  })
).data.data;
const partner = { client: as(alfredo.token) };
const me = (await getMe({ ...partner, throwOnError: true })).data.data;
expect('permissions', me.permissionsV2.join(), 'admin-apitokens-read');
const list = await listApiTokens({ ...partner, query: { sortBy: 'code', orderBy: 'asc' }, throwOnError: true });
const first: ApiToken | undefined = list.data.data.apiTokens[0];
expect('listed', first?.code, 'alfredo');

const path = { id: alfredo._id };
expect('edited', (await editApiToken({ ...admin, path, body: { accessRoles: [talker] } })).data.data.status, 'active');
const refused = await listApiTokens(partner);
expect('without the role', refused.error?.requiredPermissions?.[0], 'admin-apitokens-read');
await editApiToken({ ...admin, path, body: { isActive: false } });
expect('switched off', (await getMe(partner)).error?.code, 'token_inactive');
await editApiToken({ ...admin, path, body: { isActive: true } });
await getMe({ ...partner, throwOnError: true });
const revoked = (await revokeApiToken({ ...admin, path, body: { reason: 'done' } })).data.data;
const end: string | null = revoked.revokedAt;
expect('revoked at', end === null, false);
expect('revoked', (await getMe(partner)).error?.code, 'token_revoked');

// A bot talks
const speaker = await role('Speaker', ['messages-write', 'messages-impersonate']);
const channel = (await createChannel({ ...admin, body: { nameDisplay: 'Orders', nameCode: 'orders' } })).data.data;
const you = channel.createdBy ?? '';
const berta = (
  await createApiToken({
    ...admin,
    body: { name: 'Berta', code: 'berta', userBotName: 'Berta bot', accessRoles: [speaker], impersonates: [you] },
  })
).data.data;
await addChannelMember({ ...admin, path: { id: channel._id, userId: berta.user } });
const bot = { client: as(berta.token) };
const message = { channel: channel._id, contentType: 'text/plain' as const, content: 'Order 7 is packed' };
const said = (await postMessage({ ...bot, body: message, throwOnError: true })).data.data;
expect('said by', said.sender.displayName, 'Berta bot');
const spoken = (await postMessage({ ...bot, body: { ...message, sentBy: you }, throwOnError: true })).data.data;
expect('really by', spoken.actedBy?.user, berta.user);
const kept = (await getChannel({ ...admin, path: { id: channel._id } })).data.data;
expect('last message', kept.lastMessage?.content, message.content);
await editApiToken({ ...admin, path: { id: berta._id }, body: { impersonates: [] } });
const silenced = await postMessage({ ...bot, body: { ...message, sentBy: you } });
expect('no longer for you', silenced.error?.code, 'cannot_act_for');
console.log('both walks done');
