#!/bin/sh
# Unpack Debian's RabbitMQ and the Erlang that it needs below a folder, without installing them: rabbitmq.sh FOLDER
set -eu
if [ $# -ne 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
modules=""
for module in asn1 crypto eldap inets mnesia os-mon parsetools public-key runtime-tools ssl syntax-tools tools xmerl; do
    modules="$modules erlang-$module"
done
rm -rf "$1"
# shellcheck disable=SC2086 # one word a package
"$(dirname "$0")/debian-package.sh" "$1" erlang-base $modules rabbitmq-server
# Erlang knows only the place where Debian puts it.
sed -i 's|ROOTDIR=/usr/lib/erlang|ROOTDIR=$(cd "$(dirname "$0")/.." \&\& pwd)|' "$1/usr/lib/erlang/bin/erl"
touch "$1/.ready"
