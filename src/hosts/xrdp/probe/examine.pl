# What a doctor asks: facts about the host that a list does not need. Everything is read; nothing is tried, signalled or
# changed. What the facts mean is the reader's business.
use strict;
use warnings;

my ($SAID_TIME, $MOST_SAID) = (2, 4096);

# Programs that acts and messages use, and those that tell of the host.
my @PROGRAM = qw(sudo loginctl env dbus-send zenity yad kdialog xmessage xfce4-session-logout mate-session-save
    gnome-session-quit cinnamon-session-quit);

my %SETTING = (
    '/etc/xrdp/sesman.ini' => {
        sessions => qr/\A(?:MaxSessions|KillDisconnected|DisconnectedTimeLimit|IdleTimeLimit|Policy)\z/i,
        security => qr/\A(?:AllowRootLogin|TerminalServerUsers|AlwaysGroupCheck)\z/i,
    },
    '/etc/xrdp/xrdp.ini' => { globals => qr/\A(?:port|fork)\z/i, logging => qr/\A(?:LogFile|EnableProcessId)\z/i },
);

# Chosen settings of an ini file, in its order; undef where it cannot be read.
sub settings_of {
    my ($path) = @_;
    my $text = slurp($path, 262144) // return undef;
    my ($section, @setting) = ('');
    for my $line (split /\n/, $text) {
        if ($line =~ /\A\s*\[([^\]]{1,64})\]/) { $section = lc $1; next }
        my ($key, $value) = $line =~ /\A\s*([\w-]{1,64})\s*=\s*(.{0,256}?)\s*\z/ or next;
        my $wanted = $SETTING{$path}{$section} // next;
        push @setting, { section => \"$section", key => \"$key", value => \"$value" } if $key =~ $wanted && @setting < 256;
    }
    return \@setting;
}

# What a program says, in English, on either output; undef where it cannot be run or takes too long.
sub said_by {
    my (@command) = @_;
    pipe my $from, my $to or return undef;
    my $child = fork // return undef;
    if (!$child) {
        @SIG{qw(TERM HUP PIPE)} = ('DEFAULT') x 3;
        open STDIN, '<', '/dev/null';
        open STDOUT, '>&', $to;
        open STDERR, '>&', $to;
        @ENV{qw(LC_ALL LANGUAGE)} = ('C', '');
        exec { $command[0] } @command or POSIX::_exit(127);
    }
    close $to;
    my ($text, $until, $bits) = ('', monotonic() + $SAID_TIME, '');
    vec($bits, fileno $from, 1) = 1;
    while ((my $left = $until - monotonic()) > 0) {
        next if select(my $ready = $bits, undef, undef, $left) <= 0;
        sysread $from, $text, 4096, length $text or last;
        last if length $text >= $MOST_SAID;
    }
    close $from;
    while (waitpid($child, POSIX::WNOHANG()) == 0) {
        if (monotonic() > $until) { kill $SIGKILL, $child; push @unreaped, $child; return undef }
        select undef, undef, undef, 0.01;
    }
    my $exit = $?;
    return undef if $exit & 127 || $exit >> 8 == 127;
    return { exit => $exit >> 8, text => \"$text" };
}

# The mount options of /proc that hide processes (proc(5)).
sub proc_options {
    my ($options) = (slurp('/proc/self/mounts', 1048576) // '') =~ m{^proc /proc proc (\S{1,512})}m;
    return $options;
}

sub group_names { my %seen; return grep { defined } map { scalar getgrgid $_ } grep { !$seen{$_}++ } split ' ', $) }

# TCP ports that somebody listens at (proc(5), /proc/net/tcp).
sub listening_ports {
    my %port;
    for my $table (map { slurp("/proc/net/$_", 16777216) } qw(tcp tcp6)) {
        $port{ hex $1 } = 1 while ($table // '') =~ /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:0000 0A /mg;
    }
    return sort { $a <=> $b } keys %port;
}

# The daemons, not what they forked: xrdp serves each client, and xrdp-sesman 0.9 leads each session, by a child of its own.
# A session leader whose xrdp-sesman is gone has another parent, and is told by what it leads.
sub daemons {
    my ($name, %leads) = @_;
    my $xrdp_uid = getpwnam('xrdp') // 0;
    return grep {
        my $parent = $process{ $_->{parent} };
        $_->{name} eq $name && !$_->{contained} && ($_->{uid} == 0 || $name eq 'xrdp' && $_->{uid} == $xrdp_uid)
            && !$leads{ $_->{pid} } && !($parent && $parent->{name} eq $name)
    } values %process;
}

sub daemon_answer {
    my ($name, %leads) = @_;
    my ($path) = grep { -x } map { "$_/$name" } qw(/usr/sbin /usr/local/sbin /usr/bin /usr/local/bin);
    my $said = defined $path ? said_by($path, '--version') : undef;
    my ($version) = $said ? ${ $said->{text} } =~ /\A\S+ (\d[\w.~+-]{0,63})$/m : ();
    return {
        path => \$path, version => \$version,
        running => [map { { pid => $_->{pid}, user => \(account_name($_->{uid})->[0]), startedAt => started_at($_) } }
            first_of(8, sort { $a->{pid} <=> $b->{pid} } daemons($name, %leads))],
    };
}

sub first_of { my ($most, @all) = @_; return @all > $most ? @all[0 .. $most - 1] : @all }

# What stands in the way of a log-off by the desktop of this session.
sub desktop_answer {
    my ($s) = @_;
    my @own = own_members($s);
    my ($manager) = grep { $LOGOFF{ $_->{name} } } sort { $a->{start} <=> $b->{start} } @own;
    my ($bus) = grep { defined } map { $_->{env}{DBUS_SESSION_BUS_ADDRESS} } $manager // (), @own;
    my ($socket) = ($bus // '') =~ /\Aunix:path=([^,;]{1,256})/;
    return {
        display => $s->{display}, user => \(account_name($s->{uid})->[0]), uid => $s->{uid},
        scope => \(($s->{leader} // $s->{x})->{scope}), sharedScope => flag($s->{shared_scope}),
        manager => \($manager ? $manager->{name} : undef),
        command => \($manager ? $LOGOFF{ $manager->{name} }[0][0] : undef),
        environmentSeen => flag(!grep { $_->{denied} } @own),
        bus => defined $bus ? flag(!defined $socket || -S $socket) : undef,
    };
}

sub examination_answer {
    my ($id) = @_;
    my $host = read_host();
    my %leads = map { ($_->{leader}{pid} => 1) } grep { $_->{leader} } @{ $host->{sessions} }, @{ $host->{leftovers} };
    my ($system) = (slurp('/etc/os-release', 65536) // '') =~ /^PRETTY_NAME="?([^"\n]{0,128})/m;
    return {
        kind => \'examination', id => $id, version => 1, now => clock($CLOCK_REALTIME),
        system => \$system, kernel => \((POSIX::uname())[2]), perl => { path => \"$^X", version => \sprintf('%vd', $^V) },
        groups => [map { \$_ } first_of(64, group_names())],
        sudo => $> != 0 && program_there('sudo') ? said_by('sudo', '-n', '-l') : undef,
        sudoPerl => $> != 0 && program_there('sudo') ? said_by('sudo', '-n', '-l', 'perl') : undef,
        programs => [map { \$_ } grep { program_there($_) } @PROGRAM],
        procOptions => \proc_options(), socketsSeen => flag($host->{tcp}),
        everyProcessSeen => flag($host->{whole} && -e '/proc/1/stat' && !grep { $_->{denied} } values %process),
        xrdp => daemon_answer('xrdp', %leads), sesman => daemon_answer('xrdp-sesman', %leads),
        ports => [first_of(1024, listening_ports())],
        sesmanSettings => settings_of('/etc/xrdp/sesman.ini'), xrdpSettings => settings_of('/etc/xrdp/xrdp.ini'),
        systemd => flag(-d '/run/systemd/system'),
        logind => program_there('loginctl') && -d '/run/systemd/system'
            ? said_by('loginctl', '--no-ask-password', 'show-session', '-p', 'KillUserProcesses', '-p', 'NCurrentSessions') : undef,
        systemBus => flag(-S '/run/dbus/system_bus_socket' || -S '/var/run/dbus/system_bus_socket'),
        desktops => [map { desktop_answer($_) } first_of(256, @{ $host->{sessions} })],
    };
}
