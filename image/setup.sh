#!/bin/sh
# Runs once in the image, as root, after the packages and the files of this folder are in place.
set -e

# A node logs to files; the kernel's log belongs to the host.
sed -i '/imklog/d' /etc/rsyslog.conf

# mmdebstrap copies these from the computer that it runs on, whose name and resolvers are nobody's business.
echo node >/etc/hostname
: >/etc/resolv.conf

# Debian 13 has FRR's script for systemd alone, in a folder of its own; service(8) looks here.
[ -e /etc/init.d/frr ] || ln -s /usr/lib/frr/frrinit.sh /etc/init.d/frr

# `vim` is what people type.
[ -e /usr/bin/vim ] || ln -s vim.tiny /usr/bin/vim
printf 'set nocompatible\nset backupcopy=yes\n' >/etc/vim/vimrc.tiny

# Host keys of the package would be the same on every node; each makes its own, see /etc/default/ssh.
rm -f /etc/ssh/ssh_host_*

# Nothing of a package's example configuration may run or listen by itself.
rm -f /etc/nginx/sites-enabled/default /etc/nftables.conf /etc/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf

# Where roles let named log to; AppArmor's profile in Debian allows it, and the package does not make it.
install -d -o bind -g adm -m 2750 /var/log/named /var/log/bind

# Terminals: a prompt that says where one is. Before each prompt, what was saved by rename comes home,
# so that an edit is part of the workspace before anything can happen to the node.
cat >>/root/.bashrc <<'EOF'
PS1='\u@\h:\w# '
PROMPT_COMMAND=/usr/lib/breakwater/collect-edits
export EDITOR=nano
EOF

# Services start side by side: Dovecot opens a socket here, and Postfix makes the folder when it starts first.
install -d -o postfix -g root -m 0700 /var/spool/postfix/private

# Users of the lab (mailboxes by Dovecot): the configuration of a node names their passwords.
groupadd -g 5000 vmail
useradd -u 5000 -g vmail -d /var/mail/virtual -s /usr/sbin/nologin vmail
install -d -o vmail -g vmail -m 0770 /var/mail/virtual

# Administrators, one account for each service. The password is the one that the installer left.
for user in dnsadm mailadm netadm webadm; do
  useradd -m -s /bin/bash -G adm "$user"
  echo "$user:$user" | chpasswd
done
usermod -a -G bind dnsadm
usermod -a -G frr,frrvty netadm

# The registry asks and answers as somebody who may read everything and write nothing but its journal.
useradd -r -d /var/lib/registry -s /usr/sbin/nologin registry

# One certificate for every service of every node; it protects nothing, it makes TLS run.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj '/CN=breakwater lab' \
  -keyout /etc/ssl/private/lab.key -out /etc/ssl/certs/lab.pem 2>/dev/null
chgrp ssl-cert /etc/ssl/private/lab.key 2>/dev/null || true
chmod 0640 /etc/ssl/private/lab.key

rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/*.log /var/log/apt
