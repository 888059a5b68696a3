#!/bin/sh
# Makes the server's key and certificate in a folder, unless they are there: `docker compose up` needs no other step.
# The certificate is its own authority; who is to trust the server gets a copy of server.crt, and nothing else.
set -eu
cd "$1"
test -s server.crt && exit
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
    -subj /CN=postgres -addext subjectAltName=DNS:postgres -keyout server.key -out server.crt.new
chmod 644 server.crt.new
mv server.crt.new server.crt
