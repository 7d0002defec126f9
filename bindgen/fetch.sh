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
# The APIs behind the services of bindgen/src/services.rs: their models are kept with what AWS says of their members.
APIS="apigateway apigatewayv2 cloudformation cloudwatch cognito-identity cognito-idp dynamodb ec2 events iam kms lambda
logs rds s3 s3control secretsmanager sns sqs stepfunctions"

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

wheel=cfn_lint-$CFN_LINT-py3-none-any.whl
if [ ! -f "$wheel" ]; then
    python3 -m pip download --quiet --no-deps --only-binary :all: --dest . "cfn-lint==$CFN_LINT"
fi
verify "$wheel" "$CFN_LINT_SHA256"

tarball=aws-cdk-aws-service-spec-$SERVICE_SPEC.tgz
if [ ! -f "$tarball" ]; then
    npm pack --silent "@aws-cdk/aws-service-spec@$SERVICE_SPEC"
fi
verify "$tarball" "$SERVICE_SPEC_SHA256"

models=botocore-$BOTOCORE-py3-none-any.whl
if [ ! -f "$models" ]; then
    python3 -m pip download --quiet --no-deps --only-binary :all: --dest . "botocore==$BOTOCORE"
fi
verify "$models" "$BOTOCORE_SHA256"

rm -rf cfn-lint service-spec botocore
mkdir cfn-lint service-spec botocore
python3 -m zipfile -e "$wheel" cfn-lint
tar -xzf "$tarball" -C service-spec --strip-components=1
gunzip -f service-spec/db.json.gz
python3 - "$models" $APIS <<'PYTHON'
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
    if api in sys.argv[2:]:
        with open(f"botocore/{api}.json", "wb") as file:
            file.write(model)
    with open(f"botocore/operations/{api}.json", "w") as file:
        json.dump(without_prose(json.loads(model)), file, separators=(",", ":"))
year, month, day = max(entry.date_time for entry in wheel.infolist())[:3]
with open("botocore/date", "w") as file:
    file.write(f"{year}-{month:02}-{day:02}\n")
PYTHON
echo "$BOTOCORE" > botocore/version
echo "target/schemas holds cfn-lint $CFN_LINT, aws-service-spec $SERVICE_SPEC and botocore $BOTOCORE"
