// The content address has webhooks, forms and chats, and nothing else: neither the app nor its API.
function handler() {
  return { statusCode: 404, statusDescription: 'Not Found', headers: { 'cache-control': { value: 'no-store' } } };
}
