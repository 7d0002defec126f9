#!/bin/sh
# Fetches the schemas that bindgen reads into target/schemas, at pinned versions and checksums.
# To update: change the versions, run, and put the checksums it prints here.
set -eu

CFN_LINT=1.58.0
CFN_LINT_SHA256=9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987
SERVICE_SPEC=0.1.216
SERVICE_SPEC_SHA256=2305b840c961bf7ab982a3e67a44cd2fe1f8fad78d8f2598c0fd36fbf17c9af8

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

rm -rf cfn-lint service-spec
mkdir cfn-lint service-spec
python3 -m zipfile -e "$wheel" cfn-lint
tar -xzf "$tarball" -C service-spec --strip-components=1
gunzip -f service-spec/db.json.gz
echo "target/schemas holds cfn-lint $CFN_LINT and aws-service-spec $SERVICE_SPEC"
