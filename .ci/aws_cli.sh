#!/usr/bin/env bash
# Lets the AWS CLI read templates in locales that know ASCII alone, and others: `aws_cli.sh AWS TEMPLATE…`.
#
# `package` reads a template, finds nothing to upload and writes it again, all without network; `deploy` reads it before
# it asks for credentials, which there are none of. What is read must be the same in every locale, and complete.
set -euo pipefail
aws=$1
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export AWS_EC2_METADATA_DISABLED=true AWS_DEFAULT_REGION=us-east-1 HOME=$scratch PYTHONCOERCECLOCALE=0 PYTHONUTF8=0
unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN

for template in "$@"; do
  for locale in C POSIX C.UTF-8; do
    LC_ALL=$locale "$aws" cloudformation package --template-file "$template" --s3-bucket none --use-json \
      --output-template-file "$scratch/$locale.json" >/dev/null
    LC_ALL=$locale "$aws" cloudformation deploy --template-file "$template" --stack-name coffee-report \
      --no-execute-changeset >"$scratch/deploy.txt" 2>&1 && exit 1
    # It came as far as the first request.
    grep -q "Unable to locate credentials" "$scratch/deploy.txt" || { cat "$scratch/deploy.txt"; exit 1; }
    cmp "$scratch/$locale.json" "$scratch/C.json"
  done
  "$(dirname "$aws")/python" - "$template" "$scratch/C.json" <<'PYTHON'
import json
import sys

from awscli.customizations.cloudformation.yamlhelper import yaml_parse

shipped, packaged = (open(name, "rb").read() for name in sys.argv[1:])
assert shipped.isascii(), "what ships is ASCII"
assert yaml_parse(shipped.decode()) == json.loads(packaged), "the AWS CLI writes what it reads"
print(f"{sys.argv[1]}: {len(shipped)} bytes, the same in every locale")
PYTHON
done
