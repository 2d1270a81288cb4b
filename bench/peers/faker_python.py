#!/usr/bin/env python3
"""Times Faker (Python): independent persons of fourteen fields as lines of JSON in memory.

Usage: faker_python.py ROUNDS WARMUP_SECONDS MAX_SECONDS [wall|cpu]

Prints one line of JSON as seedbank_bench does; ends with 77 when Faker is not installed."""
import json
import sys
import time

try:
    import faker
    from faker import Faker
except ImportError:
    sys.exit(77)

PERSONS = 100


def person(fake, number):
    return {
        "id": number,
        "first_name": fake.first_name(),
        "last_name": fake.last_name(),
        "date_of_birth": fake.date_of_birth().isoformat(),
        "email": fake.email(),
        "phone": fake.phone_number(),
        "street": fake.street_address(),
        "city": fake.city(),
        "postal_code": fake.postcode(),
        "country": fake.country_code(),
        "tax_id": fake.ssn(),
        "occupation": fake.job(),
        "employer": fake.company(),
        "iban": fake.iban(),
    }


def batch(fake, first):
    return "".join(json.dumps(person(fake, first + i)) + "\n" for i in range(PERSONS))


def main():
    rounds, warmup, most = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    now = time.process_time if sys.argv[4:] == ["cpu"] else time.perf_counter
    fake = Faker("en_US")
    Faker.seed(42) if hasattr(Faker, "seed") else fake.seed(42)
    first, text_bytes, data = 0, 0, []
    begin = now()
    while now() - begin < warmup or first == 0:
        batch(fake, first)
        first += PERSONS
    while len(data) < (rounds or 5) or (not rounds and sum(data) < most):
        begin = now()
        text = batch(fake, first)
        data.append(now() - begin)
        first += PERSONS
        text_bytes += len(text.encode())
    print(json.dumps({
        "group": "peers", "name": "peer_faker_python", "unit": "rows", "questions": False,
        "what": f"{PERSONS} persons of 14 fields as lines of JSON: Faker {faker.VERSION}, en_US",
        "iterations": 1, "count": PERSONS, "bytes": text_bytes / len(data), "data": data}))


main()
