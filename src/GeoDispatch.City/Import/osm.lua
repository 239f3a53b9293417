-- What osm2pgsql (flex output, 1.8 or newer) keeps of an OpenStreetMap file, in a schema of its own beside the live base map.
local schema = os.getenv('GEODISPATCH_STAGING')

local function texts(...)
    local columns = {}
    for _, name in ipairs({...}) do
        columns[#columns + 1] = { column = name, type = 'text' }
    end
    return columns
end

local function define(name, ids, geometry, columns)
    columns[#columns + 1] = { column = 'geom', type = geometry, projection = 4326, not_null = true }
    return osm2pgsql.define_table({ name = name, schema = schema, ids = { type = ids, type_column = ids == 'any' and 'osm_type' or nil, id_column = 'osm_id' }, columns = columns,
        indexes = {} })
end

local way_columns = texts('highway', 'name', 'name_en', 'ref', 'oneway', 'maxspeed', 'junction', 'access', 'vehicle', 'motor_vehicle', 'emergency',
    'maxheight', 'maxweight', 'maxwidth', 'hgv')
way_columns[#way_columns + 1] = { column = 'nodes', sql_type = 'bigint[]', not_null = true }
local ways = define('way', 'way', 'linestring', way_columns)
local areas = define('area', 'area', 'geometry', texts('layer', 'kind', 'name'))
local places = define('place', 'node', 'point', texts('kind', 'name', 'name_en'))
local pois = define('poi', 'any', 'point', texts('kind', 'name', 'name_en'))
local addresses = define('address', 'any', 'point', texts('street', 'house_number'))
local borders = define('border', 'relation', 'multipolygon', texts('admin_level', 'code', 'name', 'name_en'))
local milestones = define('milestone', 'node', 'point', texts('distance'))
local aliases = osm2pgsql.define_table({ name = 'alias', schema = schema, ids = { type = 'any', type_column = 'osm_type', id_column = 'osm_id' },
    indexes = {}, columns = texts('of_kind', 'street', 'kind', 'name') })
local restrictions = osm2pgsql.define_table({ name = 'restriction', schema = schema, ids = { type = 'relation', id_column = 'osm_id' },
    indexes = {}, columns = {
        { column = 'kind', type = 'text', not_null = true }, { column = 'exempt', type = 'text' },
        { column = 'from_ways', sql_type = 'bigint[]', not_null = true }, { column = 'to_ways', sql_type = 'bigint[]', not_null = true },
        { column = 'via_nodes', sql_type = 'bigint[]', not_null = true }, { column = 'via_ways', sql_type = 'bigint[]', not_null = true } } })

local place_kinds = { city = 'city', county = 'county', district = 'county', borough = 'county', town = 'town', suburb = 'town',
    quarter = 'village', neighbourhood = 'village', village = 'village', hamlet = 'village' }
local land_kinds = { forest = 'forest', wood = 'forest', grass = 'grass', grassland = 'grass', meadow = 'grass', park = 'park', garden = 'park',
    pitch = 'pitch', cemetery = 'cemetery', farmland = 'farmland', orchard = 'orchard', residential = 'residential', industrial = 'industrial',
    commercial = 'commercial', retail = 'retail', sand = 'sand', beach = 'beach', scrub = 'scrub', heath = 'heath' }
local poi_keys = { 'amenity', 'emergency', 'healthcare', 'shop', 'tourism', 'leisure', 'office', 'public_transport', 'railway' }
local poi_values = { emergency = { ambulance_station = true }, leisure = { park = true, stadium = true, sports_centre = true },
    public_transport = { station = true }, railway = { station = true } }

local alias_keys = { alt_name = 'alias', official_name = 'alias', loc_name = 'alias', short_name = 'short', old_name = 'old' }

local function list(ids)
    return '{' .. table.concat(ids, ',') .. '}'
end

local function poi_kind(tags)
    if tags.amenity == 'fire_station' then return 'fire_station' end
    if tags.amenity == 'hospital' or tags.healthcare == 'hospital' then return 'hospital' end
    for _, key in ipairs(poi_keys) do
        local value = tags[key]
        if value and value ~= 'no' and (not poi_values[key] or poi_values[key][value]) then return value end
    end
end

-- Other names, in Chinese and English; several stand between semicolons.
local function add_aliases(object, of_kind)
    for key, kind in pairs(alias_keys) do
        for _, language in ipairs({ '', ':zh', ':en' }) do
            for name in (object.tags[key .. language] or ''):gmatch('[^;]+') do
                aliases:insert({ of_kind = of_kind, street = of_kind == 'street' and object.tags.name or nil, kind = kind, name = name })
            end
        end
    end
end

local function add_point(object, point)
    local tags = object.tags
    local kind = poi_kind(tags)
    if kind and tags.name then
        pois:insert({ kind = kind, name = tags.name, name_en = tags['name:en'], geom = point() })
        add_aliases(object, 'poi')
    end
    local street = tags['addr:street'] or tags['addr:place']
    if street and tags['addr:housenumber'] then
        addresses:insert({ street = street, house_number = tags['addr:housenumber'], geom = point() })
    end
end

local function add_area(object, geometry)
    local tags = object.tags
    if tags.building and tags.building ~= 'no' then
        areas:insert({ layer = 'building', kind = tags.building, name = tags.name, geom = geometry() })
    elseif tags.natural == 'water' or tags.waterway == 'riverbank' or tags.landuse == 'reservoir' or tags.landuse == 'basin' then
        areas:insert({ layer = 'water', kind = tags.water or tags.landuse or 'water', name = tags.name, geom = geometry() })
    else
        local kind = land_kinds[tags.landuse or tags.natural or tags.leisure or '']
        if kind then
            areas:insert({ layer = 'land', kind = kind, name = tags.name, geom = geometry() })
        end
    end
end

function osm2pgsql.process_node(object)
    local kind = place_kinds[object.tags.place or '']
    if kind and object.tags.name then
        places:insert({ kind = kind, name = object.tags.name, name_en = object.tags['name:en'], geom = object:as_point() })
        add_aliases(object, 'place')
    end
    if object.tags.highway == 'milestone' and object.tags.distance then
        milestones:insert({ distance = object.tags.distance, geom = object:as_point() })
    end
    add_point(object, function() return object:as_point() end)
end

function osm2pgsql.process_way(object)
    local tags = object.tags
    if tags.highway and tags.area ~= 'yes' then
        ways:insert({ highway = tags.highway, name = tags.name, name_en = tags['name:en'], ref = tags.ref, oneway = tags.oneway,
            maxspeed = tags.maxspeed, junction = tags.junction, access = tags.access, vehicle = tags.vehicle,
            motor_vehicle = tags.motor_vehicle or tags.motorcar, emergency = tags.emergency, maxheight = tags['maxheight:physical'] or tags.maxheight,
            maxweight = tags.maxweight, maxwidth = tags['maxwidth:physical'] or tags.maxwidth, hgv = tags.hgv, nodes = list(object.nodes), geom = object:as_linestring() })
        if tags.name then
            add_aliases(object, 'street')
        end
    end
    if object.is_closed then
        add_area(object, function() return object:as_polygon() end)
        add_point(object, function() return object:as_polygon():centroid() end)
    end
end

function osm2pgsql.process_relation(object)
    local tags = object.tags
    if tags.type == 'restriction' and tags.restriction then
        local members = { from = {}, to = {}, via_n = {}, via_w = {} }
        for _, member in ipairs(object.members) do
            local role = member.role == 'via' and 'via_' .. member.type or member.role
            if members[role] then
                table.insert(members[role], member.ref)
            end
        end
        restrictions:insert({ kind = tags.restriction, exempt = tags.except, from_ways = list(members.from), to_ways = list(members.to),
            via_nodes = list(members.via_n), via_ways = list(members.via_w) })
    elseif tags.type == 'boundary' and tags.boundary == 'administrative' and tags.admin_level and tags.name then
        borders:insert({ admin_level = tags.admin_level, code = tags['ref:CN'] or tags.ref or tags['ISO3166-2'], name = tags.name, name_en = tags['name:en'],
            geom = object:as_multipolygon() })
    elseif tags.type == 'multipolygon' then
        add_area(object, function() return object:as_multipolygon() end)
        add_point(object, function() return object:as_multipolygon():centroid() end)
    end
end
