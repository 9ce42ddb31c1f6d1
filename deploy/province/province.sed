# What differs from province to province and from machine to machine; see README.md, step 1.
# A copy for each machine, readable by root alone: it holds passwords.
s|@NODE@|db1|g
s|@ADDRESS@|10.77.0.11|g
s|@DB1@|10.77.0.11|g
s|@DB2@|10.77.0.12|g
s|@DB3@|10.77.0.13|g
s|@NETWORK@|10.77.0.0/24|g
s|@HAPROXY@|127.0.0.1|g
s|@PGDIR@|/var/lib/postgresql|g
s|@ETCDDIR@|/var/lib/etcd/sangkat|g
s|@SUPERUSER_PASSWORD@|CHANGE-ME-1|g
s|@REPLICATION_PASSWORD@|CHANGE-ME-2|g
s|@REST_PASSWORD@|CHANGE-ME-3|g
