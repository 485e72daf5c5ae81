# What xrdp's log tells of clients: their computer's name, and when each was joined to which X server.
# Only what the log grew by is read again; of an old log no more than its last part.
use strict;
use warnings;

my $LARGEST_PART = 8 * 1024 * 1024;
our %log = (path => undef, at => 0, inode => 0, rest => '');
our (%by_pid, %by_port, %joined, @unnamed);
my $ambiguous = 0;
my $NAME_TIME = 120;

sub log_path {
    my $ini = slurp('/etc/xrdp/xrdp.ini', 262144) // '';
    return $ini =~ /^\s*LogFile\s*=\s*(\S.*?)\s*$/m && index($1, '/') == 0 ? $1 : '/var/log/xrdp.log';
}

sub log_time {
    my ($stamp) = @_;
    my ($y, $mo, $d, $h, $mi, $s) = $stamp =~ /\A(\d{4})-?(\d\d)-?(\d\d)[-T](\d\d):(\d\d):(\d\d)/ or return undef;
    return POSIX::mktime($s, $mi, $h, $d, $mo - 1, $y - 1900, 0, 0, -1);
}

# With EnableProcessId every line names its process and the name is certain. Without it a name is believed only when
# one connection alone was waiting for one: where two came at once, all stay unknown until each had its name.
sub read_log_line {
    my ($line) = @_;
    my ($stamp, $rest) = $line =~ /\A\[([^\]]+)\] (.*)\z/s or return;
    my ($pid) = $rest =~ /\[pid:(\d+) /;
    my $at = log_time($stamp) // 0;
    if ($rest =~ /connection received from (?:\[?::ffff:)?\[?([^\s\]]+?)\]?(?: port |:)(\d+)\s*\z/) {
        delete $by_port{"$1 $2"};
        @unnamed = grep { $_->{at} > $at - $NAME_TIME } @unnamed;
        $ambiguous = 0 if !@unnamed;
        push @unnamed, { which => "$1 $2", at => $at };
    } elsif ($rest =~ /Connected client computer name: (.*)\z/s) {
        my $name = { name => $1, at => $at };
        if (defined $pid) { $by_pid{$pid} = $name; @unnamed = () }
        elsif (@unnamed == 1 && !$ambiguous) { $by_port{ $unnamed[0]{which} } = $name; @unnamed = () }
        else { shift @unnamed; $ambiguous = @unnamed ? 1 : 0 }
    } elsif ($rest =~ /xrdp_pid=(\d+) connected to \S*?_pid=(\d+) /) {
        $joined{$2} = { xrdp => $1, at => log_time($stamp) };
    }
    return;
}

# Keeps what still concerns a process or a connection that is there.
sub forget_clients {
    my ($tcp) = @_;
    my %open = map { ("$_->{to} $_->{to_port}" => 1) } values %{ $tcp // {} };
    delete @by_pid{ grep { !$process{$_} } keys %by_pid };
    delete @joined{ grep { !$process{$_} } keys %joined };
    delete @by_port{ grep { !$open{$_} } keys %by_port } if $tcp;
    return;
}

sub read_client_log {
    $log{path} //= log_path();
    my $file;
    if (!sysopen $file, $log{path}, O_RDONLY | O_NONBLOCK) { return 0 }
    my ($inode, $size) = (stat $file)[1, 7];
    if ($inode != $log{inode} || $size < $log{at}) {
        @log{qw(inode at rest)} = ($inode, $size > $LARGEST_PART ? $size - $LARGEST_PART : 0, '');
    }
    sysseek $file, $log{at}, 0;
    while ($log{at} < $size) {
        my $got = sysread $file, $log{rest}, 1048576, length $log{rest};
        last if !$got;
        $log{at} += $got;
        my $end = rindex $log{rest}, "\n";
        next if $end < 0;
        read_log_line($_) for split /\n/, substr $log{rest}, 0, $end;
        $log{rest} = substr $log{rest}, $end + 1;
        $log{rest} = '' if length $log{rest} > 65536;
    }
    return 1;
}
