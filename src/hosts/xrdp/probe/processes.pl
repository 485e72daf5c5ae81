# The process table, from /proc (proc(5)). What cannot change while a process keeps its program is read once.
use strict;
use warnings;

our (%process, %known);

sub slurp {
    my ($path, $limit) = @_;
    sysopen my $file, $path, O_RDONLY | O_NONBLOCK or return undef;
    my $text = '';
    while (length $text < $limit) {
        my $got = sysread $file, $text, $limit - length $text, length $text;
        next if !defined $got && $!{EINTR};
        return undef if !defined $got;
        last if $got == 0;
    }
    return $text;
}

sub read_process {
    my ($pid) = @_;
    my $stat = slurp("/proc/$pid/stat", 4096) // return undef;
    my $from = index $stat, '(';
    my $to   = rindex $stat, ')';
    return undef if $from < 0 || $to < $from;
    my @field = split ' ', substr $stat, $to + 2;
    return undef if @field < 22;
    return {
        pid   => 0 + $pid,
        name  => substr($stat, $from + 1, $to - $from - 1),
        state => $field[0],
        parent => 0 + $field[1],
        ticks => $field[11] + $field[12],
        start => $field[19],
        pages => $field[21],
    };
}

sub learn {
    my ($p) = @_;
    my %fact = (uid => undef, env => {}, scope => undef);
    my $status = slurp("/proc/$p->{pid}/status", 8192) // return undef;
    ($fact{uid}) = $status =~ /^Uid:\s+(\d+)/m;
    return undef if !defined $fact{uid};
    $fact{contained} = $status =~ /^NSpid:\s+\d+\s+\d/m ? 1 : 0;
    my $environ = $p->{parent} == 2 ? '' : slurp("/proc/$p->{pid}/environ", 262144);
    # What is in a container is not this host's: that it cannot be seen hides nothing.
    $fact{denied} = 1 if !defined $environ && !$fact{contained} && ($!{EACCES} || $!{EPERM});
    for (split /\0/, $environ // '') {
        $fact{env}{$1} = $2 if /\A(DISPLAY|XAUTHORITY|HOME|XRDP_SESSION|XRDP_SOCKET_PATH|DBUS_SESSION_BUS_ADDRESS)=(.{0,4096})\z/s;
    }
    $fact{display} = 0 + $1 if ($fact{env}{DISPLAY} // '') =~ /\A(?:unix)?:(\d{1,5})(?:\.\d+)?\z/;
    my $cgroup = slurp("/proc/$p->{pid}/cgroup", 8192) // '';
    # Only logind makes a scope right there; below user@UID.service anybody can have one of any name.
    ($fact{scope}) = $cgroup =~ m{^\d+:[^:\n]*:/user\.slice/user-\d+\.slice/(session-[^/\n]+\.scope)(?:/|$)}m;
    $fact{user_service} = $cgroup =~ m{/user\@\d+\.service/.+\.service$}m ? 1 : 0;
    return \%fact;
}

sub read_processes {
    my (%now, %still);
    opendir my $directory, '/proc' or return 0;
    for my $pid (grep { /\A\d+\z/ } readdir $directory) {
        my $p     = read_process($pid) // next;
        my $which = "$pid $p->{start} $p->{name}";
        my $fact  = $known{$which} //= learn($p) // next;
        $still{$which} = $fact;
        $now{$pid} = { %$fact, %$p };
    }
    %process = %now;
    %known   = %still;
    return 1;
}

sub arguments_of {
    my ($pid) = @_;
    my $line = slurp("/proc/$pid/cmdline", 32768) // return ();
    $line =~ s/\0+\z//;
    return split /\0/, $line;
}

# Proportional set size in bytes (proc(5), smaps_rollup). Walking page tables is dear: it is done again only when
# the resident set moved by more than a twentieth, or after half a minute.
our %measured;

sub memory_of {
    my ($p, $now) = @_;
    my $which = "$p->{pid} $p->{start}";
    my $last  = $measured{$which};
    if ($last && $now - $last->{at} < 30 && abs($p->{pages} - $last->{pages}) * 20 <= $last->{pages}) {
        return $last->{bytes};
    }
    my $rollup = slurp("/proc/$p->{pid}/smaps_rollup", 8192) // return undef;
    return 0 if $rollup eq '';
    my ($kilobytes) = $rollup =~ /^Pss:\s+(\d+)/m;
    return undef if !defined $kilobytes;
    $measured{$which} = { at => $now, pages => $p->{pages}, bytes => $kilobytes * 1024 };
    return $kilobytes * 1024;
}

sub forget_gone {
    for my $which (keys %measured) {
        my ($pid, $start) = split ' ', $which;
        delete $measured{$which} if !$process{$pid} || $process{$pid}{start} ne $start;
    }
    return;
}
