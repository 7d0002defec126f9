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
# The APIs behind the services of bindgen/src/services.rs.
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
import gzip, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
for api in sys.argv[2:]:
    folder = f"botocore/data/{api}/"
    versions = [name for name in wheel.namelist() if name.startswith(folder) and name.endswith("/service-2.json.gz")]
    with open(f"botocore/{api}.json", "wb") as file:
        file.write(gzip.decompress(wheel.read(max(versions))))
PYTHON
echo "$BOTOCORE" > botocore/version
echo "target/schemas holds cfn-lint $CFN_LINT, aws-service-spec $SERVICE_SPEC and botocore $BOTOCORE"
