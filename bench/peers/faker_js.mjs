// Times @faker-js/faker: independent persons of fourteen fields as lines of JSON in memory.
//
// Usage: node faker_js.mjs FOLDER ROUNDS WARMUP_SECONDS MAX_SECONDS [wall|cpu]
//
// FOLDER has node_modules. Prints one line of JSON as seedbank_bench does; ends with 77 when the package
// is not there.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const PERSONS = 100;
const [folder, roundsText, warmupText, mostText, clock] = process.argv.slice(2);
const rounds = Number(roundsText), warmup = Number(warmupText), most = Number(mostText);

let faker, version;
try {
  const from = createRequire(path.join(path.resolve(folder), "x.js"));
  const file = from.resolve("@faker-js/faker");
  ({ faker } = await import(pathToFileURL(file)));
  const root = file.slice(0, file.lastIndexOf("faker-js/faker") + "faker-js/faker".length);
  ({ version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")));
} catch {
  process.exit(77);
}

function now() {
  if (clock !== "cpu") return performance.now() / 1e3;
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e6;
}

function person(number) {
  return {
    id: number,
    first_name: faker.person.firstName(),
    last_name: faker.person.lastName(),
    date_of_birth: faker.date.birthdate().toISOString().slice(0, 10),
    email: faker.internet.email(),
    phone: faker.phone.number(),
    street: faker.location.streetAddress(),
    city: faker.location.city(),
    postal_code: faker.location.zipCode(),
    country: faker.location.countryCode(),
    tax_id: faker.string.numeric(9),
    occupation: faker.person.jobTitle(),
    employer: faker.company.name(),
    iban: faker.finance.iban(),
  };
}

function batch(first) {
  let text = "";
  for (let i = 0; i < PERSONS; i++) text += JSON.stringify(person(first + i)) + "\n";
  return text;
}

faker.seed(42);
let first = 0, bytes = 0, spent = 0;
const data = [];
for (let begin = now(); now() - begin < warmup || first === 0; first += PERSONS) batch(first);
while (data.length < (rounds || 5) || (!rounds && spent < most)) {
  const begin = now();
  const text = batch(first);
  const seconds = now() - begin;
  data.push(seconds);
  spent += seconds;
  first += PERSONS;
  bytes += Buffer.byteLength(text);
}
console.log(JSON.stringify({
  group: "peers", name: "peer_faker_js", unit: "rows", questions: false,
  what: `${PERSONS} persons of 14 fields as lines of JSON: @faker-js/faker ${version}, en`,
  iterations: 1, count: PERSONS, bytes: bytes / data.length, data }));
