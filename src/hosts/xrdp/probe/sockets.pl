# The socket table, from the kernel itself: sock_diag(7) over netlink(7), which is what ss(8) prints.
use strict;
use warnings;

my ($AF_NETLINK, $NETLINK_SOCK_DIAG, $SOCK_DIAG_BY_FAMILY) = (16, 4, 20);
my ($NLM_F_REQUEST_DUMP, $NLMSG_ERROR, $NLMSG_DONE) = (0x301, 2, 3);
my ($TCP_ESTABLISHED, $TCP_LISTEN) = (1, 10);

sub dump_sockets {
    my ($request, $each) = @_;
    socket my $netlink, $AF_NETLINK, SOCK_RAW, $NETLINK_SOCK_DIAG or return 0;
    setsockopt $netlink, SOL_SOCKET, SO_RCVTIMEO, pack 'l!l!', 2, 0;
    my $message = pack('LSSLL', 16 + length $request, $SOCK_DIAG_BY_FAMILY, $NLM_F_REQUEST_DUMP, 1, 0) . $request;
    send $netlink, $message, 0, pack 'SSLL', $AF_NETLINK, 0, 0, 0 or return 0;
    while (1) {
        my $buffer = '';
        defined recv $netlink, $buffer, 65536, 0 or return 0;
        my $at = 0;
        while ($at + 16 <= length $buffer) {
            my ($length, $type) = unpack 'LS', substr $buffer, $at, 6;
            return 1 if $type == $NLMSG_DONE;
            return 0 if $type == $NLMSG_ERROR || $length < 16;
            $each->(substr $buffer, $at + 16, $length - 16) if $type == $SOCK_DIAG_BY_FAMILY;
            $at += ($length + 3) & ~3;
        }
    }
}

sub attributes {
    my ($bytes) = @_;
    my (%value, $at);
    for ($at = 0; $at + 4 <= length $bytes;) {
        my ($length, $type) = unpack 'SS', substr $bytes, $at, 4;
        last if $length < 4;
        $value{$type} = substr $bytes, $at + 4, $length - 4;
        $at += ($length + 3) & ~3;
    }
    return \%value;
}

# The sockets that an xrdp session listens on: display number => { path, listening, peers => [inode, ...] }.
sub read_display_sockets {
    my %display;
    my $request = pack 'CCSLLLLL', AF_UNIX, 0, 0, 1 << $TCP_ESTABLISHED | 1 << $TCP_LISTEN, 0, 1 | 4, -1 & 0xffffffff,
        -1 & 0xffffffff;
    my $whole = dump_sockets($request, sub {
        my ($message) = @_;
        my $state     = ord substr $message, 2, 1;
        my $attribute = attributes(substr $message, 16);
        my $path      = $attribute->{0} // return;
        $path =~ s/\0+\z//;
        $path =~ m{\A((?:/var)?/run/xrdp/[^\0]*|/tmp/\.xrdp)/xrdp_display_(\d{1,5})\z} or return;
        my $entry = $display{$2} //= { directory => $1, listening => 0, peers => [] };
        $entry->{listening} = 1 if $state == $TCP_LISTEN;
        push @{ $entry->{peers} }, unpack 'L', $attribute->{2} if $state == $TCP_ESTABLISHED && defined $attribute->{2};
    });
    return $whole ? \%display : display_sockets_of_proc();
}

# The same without netlink, from /proc/net/unix (proc(5)): whether someone is connected, but not who.
sub display_sockets_of_proc {
    my %display;
    my $table = slurp('/proc/net/unix', 16777216) // return undef;
    while ($table =~ m{^\S+ \S+ \S+ (\S+) \S+ (\S+) +\d+ ((?:/var)?/run/xrdp/.*|/tmp/\.xrdp)/xrdp_display_(\d{1,5})$}mg) {
        my ($flags, $state, $directory, $number) = ($1, $2, $3, $4);
        my $entry = $display{$number} //= { directory => $directory, listening => 0, peers => [] };
        $entry->{listening} = 1 if hex($flags) & 0x10000;
        push @{ $entry->{peers} }, 0 if $state eq '03';
    }
    return \%display;
}

# Established TCP connections: inode => { local/remote address and port, counters of tcp_info (tcp(7)) }.
sub read_tcp {
    my %connection;
    for my $family (AF_INET, AF_INET6) {
        my $request = pack 'CCCCL', $family, 6, 2, 0, 1 << $TCP_ESTABLISHED;
        my $whole   = dump_sockets($request . ("\0" x 40) . ("\xff" x 8), sub {
            my ($message) = @_;
            my ($from, $to) = unpack 'nn', substr $message, 4, 4;
            my ($size, $inode) = ($family == AF_INET ? 4 : 16, unpack 'L', substr $message, 68, 4);
            my $info = attributes(substr $message, 72)->{2} // '';
            my %entry = (
                from_port => $from, to_port => $to,
                from => inet_ntop($family, substr $message, 8, $size), to => inet_ntop($family, substr $message, 24, $size),
            );
            s/\A::ffff:(?=\d+\.)//i for @entry{qw(from to)};
            @entry{qw(unacked last_ack rtt)} = (unpack('L', substr $info, 24, 4), unpack('LL', substr($info, 56, 4) . substr $info, 68, 4))
                if length $info >= 72;
            @entry{qw(sent received)} = unpack 'QQ', substr $info, 120, 16 if length $info >= 136;
            $connection{$inode} = \%entry;
        });
        return undef if !$whole && $family == AF_INET;
    }
    return \%connection;
}

sub socket_inodes {
    my ($pid) = @_;
    opendir my $directory, "/proc/$pid/fd" or return undef;
    return [map { (readlink("/proc/$pid/fd/$_") // '') =~ /\Asocket:\[(\d+)\]\z/ ? $1 : () } readdir $directory];
}
