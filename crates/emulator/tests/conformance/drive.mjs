// Drives a list of calls with the service's official client, unmodified, and prints each answer as a line of JSON.
// Usage: node drive.mjs URL KEY SECRET < calls.jsonl
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';
import { Client } from 'aliyun-api-gateway';

const [url, key, secret] = process.argv.slice(2);
const client = new Client(key, secret);

for await (const line of createInterface({ input: process.stdin })) {
  const { path, apiVer, params, contentType } = JSON.parse(line);
  const type = contentType ?? 'application/json';
  const envelope = { id: randomUUID(), version: '1.0', request: { apiVer }, params };
  // The client writes JSON itself when it knows the type, and takes text as it stands otherwise.
  const data = type.startsWith('application/json') ? envelope : JSON.stringify(envelope);
  const headers = { 'content-type': type };
  let answer;
  try {
    answer = await client.post(url + path, { data, headers, timeout: 5000 });
    delete answer.id;
  } catch (error) {
    answer = { status: error.code, message: error.data?.headers['x-ca-error-message'] ?? String(error) };
  }
  console.log(JSON.stringify(answer));
}
