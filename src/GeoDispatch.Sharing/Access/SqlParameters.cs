using System.Globalization;
using System.Text;
using GeoDispatch.Sharing.Filters;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>The values of one statement: SQL that is put together from parts numbers its parameters here.</summary>
/// <param name="first">The number of the first value, where the statement has others before.</param>
internal sealed class SqlParameters(int first = 1)
{
    private readonly List<object> values = [];

    /// <summary>The number that the next value gets.</summary>
    internal int Next => first + values.Count;

    /// <summary>In the order of their numbers.</summary>
    internal IReadOnlyList<object> Values => values;

    /// <summary>What stands for the value in the text: <c>$n</c>.</summary>
    internal string Add(object value)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${Next - 1}");
    }

    /// <summary>The text of a condition that was numbered from <see cref="Next"/> on; its values are taken in.</summary>
    internal string Add(CompiledFilter filter)
    {
        values.AddRange(filter.Parameters);
        return filter.Sql;
    }

    internal void CopyTo(NpgsqlCommand command) => CopyTo(command.Parameters);

    internal void CopyTo(NpgsqlBatchCommand command) => CopyTo(command.Parameters);

    private void CopyTo(NpgsqlParameterCollection parameters)
    {
        foreach (object value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    /// <summary>A constant of the product's own as SQL writes it.</summary>
    internal static string Text(string text) =>
        new StringBuilder("'").Append(text.Replace("'", "''", StringComparison.Ordinal)).Append('\'').ToString();

    /// <summary>A name as SQL writes it.</summary>
    internal static string Quoted(string name) =>
        new StringBuilder("\"").Append(name.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
}
