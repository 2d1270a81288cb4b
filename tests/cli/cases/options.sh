# What the option parser refuses, whatever the command would do.
. "$SEEDBANK_TESTS/lib.sh"
refuse generate --frobnicate
refuse generate --sed 1
refuse generate --worker 2 --out x
refuse generate --out
refuse generate --out --force
refuse generate --out= --seed 1
refuse generate --out ''
refuse generate --resume=yes --out x
refuse generate --json=1 --out x
refuse generate --out x y
refuse generate -z --out x
refuse generate -qz --out x
refuse generate --out x --out y
refuse generate --seed 1 --seed=2 --out x
refuse generate
echo "---- numbers"
refuse generate --out x --level 0
refuse generate --out x --level 20
refuse generate --out x --level fast
refuse generate --out x --level -1
refuse generate --out x --level 1.5
refuse generate --out x --shards 0
refuse generate --out x --shards 100001
refuse generate --out x --workers 0
refuse generate --out x --workers 4097
refuse generate --out x --workers 99999999999999999999999999
refuse generate --out x --memory 1k
refuse plan --memory 10m
refuse generate --out x --memory 0
refuse generate --out x --memory lots
refuse generate --out x --memory 64mm
refuse generate --out x --memory 99999999t
refuse verify x --sample 0
refuse verify x --shard -1
echo "---- choices"
refuse generate --out x --layout tree
refuse generate --out x --bind cores
refuse generate --out x --backend threads
refuse generate --out x --progress yes
refuse generate --out x --log xml
refuse generate --out x --profile large
refuse cat x --to xml
refuse cat x --kind person
refuse cat x --kind frobs
refuse info --schema=person
echo "---- parts, ranges, comparisons"
refuse generate --out x --part 1
refuse generate --out x --part /4
refuse generate --out x --part 1/
refuse generate --out x --part 1/4/
refuse generate --out x --part 5/4
refuse generate --out x --part 0/0
refuse generate --out x --part -1/4
refuse generate --out x --part 1/100001
refuse cat x --rows 5
refuse cat x --rows :
refuse cat x --rows 5:3
refuse cat x --rows 1:2:3
refuse cat x --rows a:b
refuse cat x --rows 0:99999999999999999999
refuse cat x --where type
refuse cat x --where =atm
refuse cat x --head few
echo "---- options of other commands"
refuse plan --force
refuse plan --out x
refuse plan --sha256
refuse plan --resume
refuse plan --part 0/2
refuse verify x --seed 1
refuse merge x --level 3
refuse cat x --json
refuse cat x -v
refuse info x -q
refuse regenerate x --workers 2
echo "---- operands"
refuse verify
refuse verify a b
refuse merge
refuse regenerate
refuse regenerate m.json --out x
refuse regenerate m.json --shard 0
refuse show
refuse show account
refuse show acount 1
refuse show country 1
refuse info
refuse cat
