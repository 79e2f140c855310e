// The phone's own list of check-ins: kept until the server has said that it has them, for 12 hours at most.

const NAME = "reassure-card";
const STORE = "records";
const LONGEST_MS = 12 * 3600 * 1000;
const CHECK_INS = "/api/v1/check-ins";
const LOCAL = ["is_sent", "refused"]; // what the phone notes beside a record and does not send

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "client_id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export async function records() {
  const all = await within("readonly", (store) => store.getAll());
  return all.filter((record) => Date.now() - Date.parse(record.started_at) < LONGEST_MS);
}

export function put(record) {
  return within("readwrite", (store) => store.put(record));
}

export function wipe() {
  return within("readwrite", (store) => store.clear());
}

export async function waiting() {
  return (await records()).filter((record) => !record.is_sent);
}

function body(record) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !LOCAL.includes(name)));
}

// What the answer means for a record; one that was ended while its start was on the way still has to be sent.
function settle(sent, result) {
  return within("readwrite", (store) => {
    const request = store.get(sent.client_id);
    request.onsuccess = () => {
      const now = request.result;
      if (!now || now.ended_at !== sent.ended_at) return;
      if (result.state === "refused") store.put({ ...now, refused: result.problems });
      else if (now.ended_at) store.delete(now.client_id);
      else store.put({ ...now, is_sent: true });
    };
    return request;
  });
}

// One request with all that waits; what the server took of it. A finished record goes then; one under way stays, marked.
export async function send(token) {
  const list = await waiting();
  if (!list.length) return [];
  const answer = await fetch(CHECK_INS, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ sent_at: new Date().toISOString(), records: list.map(body) }),
    redirect: "error",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const taken = [];
  for (const result of (await answer.json()).results) {
    const sent = list.find((one) => one.client_id === result.client_id);
    await settle(sent, result);
    if (result.state !== "refused") taken.push(sent);
  }
  return taken;
}
